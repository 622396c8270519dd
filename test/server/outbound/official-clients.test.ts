import { readFileSync } from "node:fs";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { upstreamFailure } from "../../../server/providers/upstream-error.ts";
import { mayPass } from "../../../server/providers/upstream-trouble.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  rawResponse,
  streamResponse,
} from "../../cases/replay-server.ts";
import { recordedReply, replayUpstream } from "../../cases/replay-upstream.ts";
import { until } from "../../cases/until.ts";

async function serve(...replies: ReplyScript[]): Promise<ReplayServer & { openai: OpenAI; google: GoogleGenAI }> {
  const { fetch, ...server } = await replayUpstream(replies);
  const openai = new OpenAI({ apiKey: "key", baseURL: `${server.url}/v1`, fetch, maxRetries: 0 });
  const google = new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: server.url, fetch } });
  return { ...server, openai, google };
}

const question = { model: "tiny", messages: [{ role: "user" as const, content: "Hello" }] };
const recordedEvents = readFileSync(new URL("../../fixtures/gemini-steps/basic.chunks.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "");

describe("openai over the fetch for upstreams", () => {
  it("lists models and reads a recorded stream", async () => {
    const { openai, requests } = await serve(
      { response: jsonResponse(200, { object: "list", data: [{ id: "tiny" }] }) },
      { response: recordedReply, split: "records" },
    );
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["tiny"]);
    const chunks = await Array.fromAsync(await openai.chat.completions.create({ ...question, stream: true }));
    expect(chunks.length).toBeGreaterThan(10);
    expect(chunks.every(({ object }) => object === "chat.completion.chunk")).toBe(true);
    expect(requests[1]).toMatchObject({
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer key", "content-type": "application/json" },
      json: { ...question, stream: true },
    });
  });

  it("closes the connection when its signal aborts", async () => {
    const { openai, requests } = await serve({ response: recordedReply, split: [300], hang: "at the end" });
    const controller = new AbortController();
    const stream = await openai.chat.completions.create({ ...question, stream: true }, { signal: controller.signal });
    for await (const chunk of stream) {
      if (chunk.choices.length > 0) controller.abort();
    }
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });

  it("gives its raw answer, whose body can be read without it", async () => {
    const { openai } = await serve({ response: recordedReply });
    const { body } = await openai.chat.completions.create({ ...question, stream: true }).asResponse();
    const pieces = body === null ? [] : await Array.fromAsync(body);
    expect(Buffer.concat(pieces)).toEqual(recordedReply.subarray(recordedReply.indexOf("\r\n\r\n") + 4));
  });
});

describe("@google/genai over the fetch for upstreams", () => {
  const interaction = { model: "gemini-2.5-flash", input: "Hello" };

  it("reads an interaction, a recorded stream of one, and generateContent both ways", async () => {
    const answer = { candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] } }] };
    const { google, requests } = await serve(
      { response: jsonResponse(200, { id: "v1_x", status: "completed", steps: [] }) },
      { response: streamResponse(recordedEvents.map((event) => `data: ${event}\n\n`).join("")), split: "records" },
      { response: jsonResponse(200, answer) },
      { response: streamResponse(`data: ${JSON.stringify(answer)}\r\n\r\n`) },
    );
    expect((await google.interactions.create(interaction)).id).toBe("v1_x");
    const events = await Array.fromAsync(await google.interactions.create({ ...interaction, stream: true }));
    expect(events).toHaveLength(recordedEvents.length);
    const ask = { model: "gemini-2.5-flash", contents: "Hello" };
    expect((await google.models.generateContent(ask)).text).toBe("Hi");
    const pieces = await Array.fromAsync(await google.models.generateContentStream(ask));
    expect(pieces.map(({ text }) => text)).toEqual(["Hi"]);
    expect(requests.map(({ headers }) => headers["x-goog-api-key"])).toEqual(["key", "key", "key", "key"]);
    expect(requests[0]?.json).toMatchObject(interaction);
  });

  it("closes the connection when the signal of a stream aborts", async () => {
    const first = streamResponse(`data: ${recordedEvents[0]}\n\n`);
    const { google, requests } = await serve({ response: first, hang: "at the end" });
    const controller = new AbortController();
    const create = google.interactions.create({ ...interaction, stream: true }, { signal: controller.signal });
    const reading = (async () => {
      for await (const _ of await create) controller.abort();
    })();
    await reading.catch(() => {});
    await until(() => requests[0]?.leftByClient() === true);
  });
});

describe("what the official clients throw", () => {
  const openaiError = {
    error: { message: "Too long.", type: "invalid_request_error", code: "context_length_exceeded" },
  };
  const googleError = { error: { code: 429, message: "Slow down.", status: "RESOURCE_EXHAUSTED" } };

  const viaOpenai = async (reply: ReplyScript): Promise<unknown> => {
    const { openai } = await serve(reply);
    return openai.models.list().then(
      () => "answered",
      (error: unknown) => error,
    );
  };
  const viaGenerate = async (reply: ReplyScript): Promise<unknown> => {
    const { google } = await serve(reply);
    return google.models.generateContent({ model: "m", contents: "Hello" }).then(
      () => "answered",
      (error: unknown) => error,
    );
  };
  const viaInteractions = async (reply: ReplyScript): Promise<unknown> => {
    const { google } = await serve(reply);
    return google.interactions.create({ model: "m", input: "Hello" }, { maxRetries: 0 }).then(
      () => "answered",
      (error: unknown) => error,
    );
  };
  const clients = [
    ["openai", viaOpenai],
    ["generateContent", viaGenerate],
    ["interactions", viaInteractions],
  ] as const;

  it.each(clients)("is an answer's refusal by its body: %s", async (_, ask) => {
    const invalid = upstreamFailure("local", await ask({ response: jsonResponse(400, openaiError) }));
    expect(invalid).toMatchObject({ code: "invalid_request", message: expect.stringContaining("Too long.") });
    const slow = upstreamFailure("local", await ask({ response: jsonResponse(429, googleError) }));
    expect(slow).toMatchObject({ code: "rate_limit_exceeded", message: expect.stringContaining("Slow down.") });
    const listed = upstreamFailure("local", await ask({ response: jsonResponse(429, [googleError]) }));
    expect(listed).toMatchObject({ code: "rate_limit_exceeded", message: expect.stringContaining("Slow down.") });
  });

  it.each(clients)("is an answer's refusal by its status where it is a page or empty: %s", async (_, ask) => {
    const page = rawResponse(502, { "content-type": "text/html" }, "<html>Bad Gateway</html>");
    for (const response of [page, rawResponse(502, {})])
      expect(upstreamFailure("local", await ask({ response }))).toMatchObject({
        code: "unavailable",
        message: "The upstream 'local' is not available now (status 502).",
      });
  });

  it.each([clients[0], clients[2]])("keeps the time to wait: %s", async (_, ask) => {
    const response = jsonResponse(503, {}, { "retry-after": "4" });
    expect(upstreamFailure("local", await ask({ response }))).toMatchObject({ code: "unavailable", retryAfter: 4 });
  });

  it.each(clients)("is a lost connection: %s", async (_, ask) => {
    const failure = upstreamFailure("local", await ask({ response: "", cutAfter: 0 }));
    expect(failure).toMatchObject({ code: "unavailable", message: "The upstream 'local' cannot be reached." });
    expect(mayPass(failure)).toBe(true);
  });

  it.each(clients)("is a refused redirect: %s", async (_, ask) => {
    const response = rawResponse(302, { location: "http://elsewhere.example/" });
    const failure = upstreamFailure("local", await ask({ response }));
    expect(failure).toMatchObject({ code: "upstream_error", message: expect.stringContaining("elsewhere.example") });
  });

  it("is an error inside a stream of openai", async () => {
    const { openai } = await serve({ response: streamResponse('data: {"error":{"code":503,"message":"Busy."}}\n\n') });
    const stream = await openai.chat.completions.create({ ...question, stream: true });
    const failure = upstreamFailure("local", await Array.fromAsync(stream).catch((error: unknown) => error));
    expect(failure).toMatchObject({ code: "unavailable", message: expect.stringContaining("Busy.") });
  });
});
