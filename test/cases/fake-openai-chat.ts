import { isJsonObject, type JsonObject } from "../../schema/core/json.ts";
import { calling, chunk, ending } from "./chat-chunks.ts";
import { jsonBySchema } from "./json-by-schema.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  startReplayServer,
  streamResponse,
} from "./replay-server.ts";

/** What happens to the next request instead of an answer, or to its answer. */
export type ChatFault = "rate limit" | "unavailable" | "hang" | "hang amid" | "cut";

/** A server with `POST /v1/chat/completions`. */
export type FakeChatServer = {
  url: string;
  requests: ReplayServer["requests"];
  /** Faults of the next answers, one for each. */
  faults: ChatFault[];
  /** Milliseconds between two chunks of the answers from now on. */
  pace: number;
  close(): Promise<void>;
};

/** What it lists; the second one thinks, and wants its thoughts back. */
export const fakeChatModels = ["fake-plain", "fake-thinker"] as const;

/**
 * A chat server as far as the tests need it, with the refusals that OpenAI and DeepSeek are known for (November 2026): every
 * call is answered right after the message that makes it, every result answers a call, and a thinking model wants its
 * reasoning back with its calls. The model looks the weather up with a function when it is asked about it and has one, says
 * what a function told it, and remembers what it was told about names.
 */
export async function startFakeChatServer(): Promise<FakeChatServer> {
  let count = 0;
  const server = await startReplayServer((request) => {
    if (request.method === "GET")
      return { response: jsonResponse(200, { data: fakeChatModels.map((id) => ({ id })) }) };
    count += 1;
    return { ...reply(request, count, fake.faults.shift()), delayBetweenPieces: fake.pace };
  });
  const { url, requests, close } = server;
  const fake: FakeChatServer = { url: `${url}/v1`, requests, faults: [], pace: 0, close };
  return fake;
}

function reply(request: RecordedRequest, count: number, fault: ChatFault | undefined): ReplyScript {
  const body = isJsonObject(request.json) ? request.json : {};
  const messages = objectsOf(body.messages);
  const complaint = complaintAbout(body, messages);
  if (complaint !== undefined)
    return {
      response: jsonResponse(400, { error: { message: complaint, type: "invalid_request_error", code: null } }),
    };
  if (fault === "rate limit")
    return {
      response: jsonResponse(
        429,
        { error: { message: "Slower.", code: "rate_limit_exceeded" } },
        { "retry-after": "0" },
      ),
    };
  if (fault === "unavailable")
    return { response: jsonResponse(503, { error: { message: "Loading model", code: 503 } }) };
  if (fault === "hang") return { hang: "at once" };
  const chunks = answerTo(body, messages, count);
  const usage = {
    prompt_tokens: 10 * messages.length,
    completion_tokens: chunks.length,
    prompt_tokens_details: { cached_tokens: 3 },
  };
  const payloads = [...chunks, { choices: [], usage }].map((each) => JSON.stringify(each));
  const stream = [...payloads, "[DONE]"].map((payload) => `data: ${payload}\n\n`).join("");
  const isBroken = fault === "cut" || fault === "hang amid";
  const sent = isBroken ? stream.slice(0, stream.indexOf("data: ", stream.length / 2)) : stream;
  if (fault === "hang amid") return { response: streamResponse(sent), split: "records", hang: "at the end" };
  return { response: streamResponse(sent), split: "records", ...(isBroken ? { cutAfter: sent.length } : {}) };
}

function complaintAbout(body: JsonObject, messages: JsonObject[]): string | undefined {
  if (body.stream !== true || messages.length === 0) return "Only streams of something are served here.";
  let unanswered: unknown[] = [];
  for (const [index, message] of messages.entries()) {
    const { role, content, tool_calls, tool_call_id, reasoning_content } = message;
    if (role === "tool") {
      if (!unanswered.includes(tool_call_id))
        return "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
      unanswered = unanswered.filter((id) => id !== tool_call_id);
      continue;
    }
    if (unanswered.length > 0)
      return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. (No response: ${unanswered.join(", ")})`;
    if (role === "user" && (content === "" || content === null)) return `Nothing is said in messages[${index}].`;
    if (role === "user" && messages[index - 1]?.role === "user") return "Roles must alternate.";
    unanswered = objectsOf(tool_calls).map(({ id }) => id);
    if (unanswered.length > 0 && body.model === "fake-thinker" && reasoning_content === undefined)
      return "The `reasoning_content` in the thinking mode must be passed back to the API.";
  }
  return unanswered.length > 0 ? "The last calls have no results." : undefined;
}

function answerTo(body: JsonObject, messages: JsonObject[], count: number): JsonObject[] {
  const thinking =
    body.model === "fake-thinker"
      ? [chunk({ reasoning_content: "The user wants " }), chunk({ reasoning_content: "something." })]
      : [];
  const last = messages.at(-1);
  const heard = messages.slice(messages.findLastIndex(({ role }) => role === "assistant") + 1);
  const results = heard.filter(({ role }) => role === "tool").map(textOf);
  const asked = textOf(messages.findLast(({ role }) => role === "user"));
  const name = functionNames(body).find((each) => /weather/i.test(each));
  const cities = [...asked.matchAll(/\b(?:in|and) ([A-Z]\w+)/g)].map(([, city]) => city);
  if (last?.role === "user" && name !== undefined && /weather/i.test(asked) && cities.length > 0) {
    const calls = cities.flatMap((city, index) => {
      const [begin, ...rest] = JSON.stringify({ city }).match(/.{1,5}/g) ?? [];
      const first = { index, id: `call_${count}_${index}`, type: "function", function: { name, arguments: begin } };
      return [calling(first), ...rest.map((text) => calling({ index, function: { arguments: text } }))];
    });
    return [chunk({ role: "assistant", content: null }), ...thinking, ...calls, ending("tool_calls")];
  }
  const text = last?.role === "tool" ? `The function says: ${results.join(" and ")}.` : said(asked, body, messages);
  const words = text.match(/\S+\s*/g) ?? [];
  return [
    chunk({ role: "assistant", content: "" }),
    ...thinking,
    ...words.map((content) => chunk({ content })),
    ending("stop"),
  ];
}

function said(asked: string, { response_format: format }: JsonObject, messages: JsonObject[]): string {
  const wanted = isJsonObject(format) && isJsonObject(format.json_schema) ? format.json_schema.schema : undefined;
  if (isJsonObject(wanted)) return jsonBySchema(wanted);
  const names = messages.flatMap((message) =>
    message.role === "user" ? (/my name is (\w+)/i.exec(textOf(message))?.[1] ?? []) : [],
  );
  if (/what is my name/i.test(asked)) return `Your name is ${names.at(-1) ?? "unknown to me"}.`;
  return `You said: ${asked}`;
}

function functionNames({ tools }: JsonObject): string[] {
  return objectsOf(tools).flatMap((tool) => (isJsonObject(tool.function) ? [String(tool.function.name)] : []));
}

function textOf(message: JsonObject | undefined): string {
  const content = message?.content;
  if (typeof content === "string") return content;
  return objectsOf(content)
    .map(({ text }) => (typeof text === "string" ? text : ""))
    .join("\n");
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
