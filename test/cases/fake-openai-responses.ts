import { isJsonObject, type JsonObject } from "../../schema/core/json.ts";
import { jsonBySchema } from "./json-by-schema.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  startReplayServer,
  streamResponse,
} from "./replay-server.ts";
import { answerEvents, type ComposedItem, streamOf } from "./responses-events.ts";

/** What happens to the next request instead of an answer. */
export type Fault = "rate limit" | "hang" | "cut" | "failed";

/** A vendor with `POST /v1/responses` and a memory of what it made. */
export type FakeVendor = {
  url: string;
  requests: ReplayServer["requests"];
  /** Faults of the next requests, one for each. */
  faults: Fault[];
  /** Milliseconds between two events of the answers from now on. */
  pace: number;
  close(): Promise<void>;
};

const KEY = "test-key";

/**
 * OpenAI's Responses API as far as the tests need it, composed from its reference and from the refusals that people report
 * of it (November 2026). It judges the items of a request as OpenAI does, and insists on getting back unchanged what it made.
 */
export async function startFakeVendor(): Promise<FakeVendor> {
  const memory: Memory = { made: new Map(), count: 0 };
  const server = await startReplayServer((request) => {
    return { ...reply(request, memory, fake.faults.shift()), split: "records", delayBetweenPieces: fake.pace };
  });
  const { url, requests, close } = server;
  const fake: FakeVendor = { url, requests, faults: [], pace: 0, close };
  return fake;
}

/** Items by their id, each with what followed it in its answer. */
type Memory = { made: Map<string, { item: ComposedItem; next: ComposedItem | undefined }>; count: number };

function reply(request: RecordedRequest, memory: Memory, fault: Fault | undefined): ReplyScript {
  if (request.headers.authorization !== `Bearer ${KEY}`)
    return {
      response: jsonResponse(401, { error: { code: "invalid_api_key", message: `Incorrect API key: ${KEY}` } }),
    };
  const body = isJsonObject(request.json) ? request.json : {};
  const input = objectsOf(body.input);
  const complaint = complaintAbout(body, input, memory);
  if (complaint !== undefined) return { response: jsonResponse(complaint.status ?? 400, { error: complaint.error }) };
  if (fault === "hang") return { hang: "at once" };
  if (fault === "rate limit")
    return { response: jsonResponse(429, { error: { code: "rate_limit_exceeded", message: "Slower." } }) };
  const output = answerTo(body, input, memory);
  for (const [index, item] of output.entries()) memory.made.set(item.id, { item, next: output[index + 1] });
  const status = fault === "failed" ? "failed" : "completed";
  const error = fault === "failed" ? { code: "server_error", message: "Sorry." } : null;
  const tools = objectsOf(body.tools);
  const stream = streamOf(answerEvents({ output, status, error, tools, model: String(body.model) }));
  return {
    response: streamResponse(stream),
    ...(fault === "cut" ? { cutAfter: Math.floor(stream.length * 0.6) } : {}),
  };
}

type Complaint = { status?: number; error: JsonObject };

function refusing(message: string, param = "input", code: string | null = null): Complaint {
  return { error: { message, type: "invalid_request_error", param, code } };
}

function complaintAbout(body: JsonObject, input: JsonObject[], memory: Memory): Complaint | undefined {
  if (body.stream !== true || body.store !== false) return refusing("Only streams that are not stored.", "store");
  if ("previous_response_id" in body) return refusing("Previous response not found.", "previous_response_id");
  const calls = new Set<unknown>();
  const results = new Set(input.flatMap((item) => (item.type === "function_call_output" ? [item.call_id] : [])));
  for (const [index, item] of input.entries()) {
    if (item.type === "function_call") {
      calls.add(item.call_id);
      if (!results.has(item.call_id)) return refusing(`No tool output found for function call ${item.call_id}.`);
    }
    if (item.type === "function_call_output" && !calls.has(item.call_id))
      return refusing(`No tool call found for function call output with call_id ${item.call_id}.`);
    const complaint = complaintAboutItem(item, input[index + 1], memory);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function complaintAboutItem(item: JsonObject, next: JsonObject | undefined, memory: Memory): Complaint | undefined {
  switch (item.type) {
    case "message":
      return complaintAboutMessage(item);
    case "function_call":
      return /^[\w-]+$/.test(String(item.name)) ? undefined : refusing("Invalid 'input[0].name'.");
    case "function_call_output":
      return undefined;
    case "reasoning":
      return complaintAboutReasoning(item, next, memory);
    default: {
      const made = memory.made.get(String(item.id));
      if (made === undefined)
        return { status: 404, ...refusing(`Item with id '${item.id}' not found. Items are not persisted.`) };
      return sameJson(item, made.item) ? undefined : refusing(`Item '${item.id}' is not what it was.`);
    }
  }
}

function complaintAboutMessage({ role, content }: JsonObject): Complaint | undefined {
  if (typeof content === "string") return undefined;
  const types = role === "assistant" ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file"];
  const parts = objectsOf(content);
  const wrong = parts.find((part) => !types.includes(String(part.type)));
  if (parts.length === 0) return refusing("A message says nothing.");
  return wrong === undefined ? undefined : refusing(`Invalid value: '${wrong.type}'.`, "input[0].content[0]");
}

function complaintAboutReasoning(
  item: JsonObject,
  next: JsonObject | undefined,
  memory: Memory,
): Complaint | undefined {
  const made = memory.made.get(String(item.id));
  if (item.encrypted_content === undefined)
    return { status: 404, ...refusing(`Item with id '${item.id}' not found. Items are not persisted.`) };
  if (made === undefined || item.encrypted_content !== made.item.encrypted_content)
    return refusing("The encrypted content could not be verified.", "input", "invalid_encrypted_content");
  const follows = made.next?.type === next?.type && (next?.call_id ?? null) === (made.next?.call_id ?? null);
  return follows
    ? undefined
    : refusing(`Item '${item.id}' of type 'reasoning' was provided without its required following item.`);
}

function sameJson(one: JsonObject, other: JsonObject): boolean {
  const sorted = (value: JsonObject): string =>
    JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** A model that looks things up with what it has, one tool after the other, and then says what it knows. */
function answerTo(body: JsonObject, input: JsonObject[], memory: Memory): ComposedItem[] {
  memory.count += 1;
  const turn = memory.count;
  const asked = input.findLastIndex((item) => item.role === "user");
  const heard = input
    .slice(asked)
    .flatMap((item) => (item.type === "function_call_output" ? [String(item.output)] : []));
  const text = JSON.stringify(input[asked] ?? {});
  const tools = objectsOf(body.tools).filter((tool) => text.includes(String(tool.name ?? tool.type)));
  const reasoning: ComposedItem = {
    type: "reasoning",
    id: `rs_${turn}`,
    encrypted_content: `encrypted-${turn}`,
    summary: [{ type: "summary_text", text: `Thinking about turn ${turn}.` }],
  };
  if (heard.length > 0) return [reasoning, said(turn, `I was told: ${heard.join("; ")}`)];
  const used = tools.map((tool, index) => use(tool, `${turn}_${index}`));
  const isWaiting = used.some(({ type }) => type === "function_call");
  return [reasoning, ...used, ...(isWaiting ? [] : [said(turn, jsonFor(body) ?? `That was turn ${turn}.`)])];
}

function jsonFor({ text }: JsonObject): string | undefined {
  const format = isJsonObject(text) ? text.format : undefined;
  return isJsonObject(format) && isJsonObject(format.schema) ? jsonBySchema(format.schema) : undefined;
}

function said(turn: number, text: string): ComposedItem {
  const content = [{ type: "output_text", text, annotations: [] }];
  return { type: "message", id: `msg_${turn}`, role: "assistant", status: "completed", content };
}

function use({ type, name = "" }: JsonObject, id: string): ComposedItem {
  switch (type) {
    case "function":
      return { type: "function_call", id: `fc_${id}`, call_id: `call_${id}`, name, arguments: '{"city":"Porto"}' };
    case "web_search":
      return {
        type: "web_search_call",
        id: `ws_${id}`,
        status: "completed",
        action: { type: "search", query: "Porto", sources: [{ type: "url", url: "https://porto.example" }] },
      };
    case "code_interpreter":
      return {
        type: "code_interpreter_call",
        id: `ci_${id}`,
        status: "completed",
        container_id: "cntr_1",
        code: "print(42)",
        outputs: [{ type: "logs", logs: "42" }],
      };
    default:
      return { type: `${type}_call`, id: `xx_${id}`, status: "completed" };
  }
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
