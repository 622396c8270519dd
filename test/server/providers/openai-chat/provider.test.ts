import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { ModelCall, Provider } from "../../../../schema/provider.ts";
import { createOpenaiChatProvider } from "../../../../server/providers/openai-chat/provider.ts";
import type { UpstreamSettings } from "../../../../server/providers/upstream-settings.ts";
import { calling, chunk, ending, recordedReply } from "../../../cases/chat-chunks.ts";
import { callOf, describeProvider, eventsOf, foldOf } from "../../../cases/provider.ts";
import { createTestContext, upstreamAt } from "../../../cases/provider-context.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  rawResponse,
  startReplayServer,
  streamResponse,
} from "../../../cases/replay-server.ts";
import { until } from "../../../cases/until.ts";

const context = createTestContext();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => context.close());

type Setup = { provider: Provider; server: ReplayServer };

async function serve(
  replies: Parameters<typeof startReplayServer>[0],
  settings: Partial<UpstreamSettings> = {},
): Promise<Setup> {
  const server = await startReplayServer(replies);
  closing.push(server.close);
  return {
    server,
    provider: createOpenaiChatProvider(upstreamAt("openai-chat", `${server.url}/v1`, settings), context),
  };
}

const stream = (...payloads: (object | string)[]): string =>
  streamResponse(
    payloads.map((each) => `data: ${typeof each === "string" ? each : JSON.stringify(each)}\n\n`).join(""),
  );

/** What a provider said until it ended or broke off, and why it broke off. */
async function said(
  provider: Provider,
  call: ModelCall,
  signal = new AbortController().signal,
): Promise<{ events: ProviderEvent[]; failure: unknown }> {
  const events: ProviderEvent[] = [];
  try {
    for await (const event of provider.run(call, signal)) events.push(event);
    return { events, failure: undefined };
  } catch (failure) {
    return { events, failure };
  }
}

const textIn = (events: readonly ProviderEvent[]): string =>
  events.map((event) => (event.type === "step.delta" && event.delta.type === "text" ? event.delta.text : "")).join("");

const hello = callOf("tiny", "Say hello");

/** Two whole calls side by side after some thinking, which no recording holds: the recorded model never gets that far. */
const composed = stream(
  chunk({ role: "assistant", content: null }),
  chunk({ reasoning_content: "Both are needed." }),
  calling({ index: 0, id: "a", type: "function", function: { name: "get_weather", arguments: '{"city"' } }),
  calling({ index: 0, function: { arguments: ':"Porto"}' } }),
  calling({ index: 1, id: "b", type: "function", function: { name: "get_time", arguments: '{"city":"Porto"}' } }),
  ending("tool_calls"),
  {
    choices: [],
    usage: { prompt_tokens: 20, completion_tokens: 30, completion_tokens_details: { reasoning_tokens: 9 } },
  },
  "[DONE]",
);

const replies: ReadonlyMap<string, string | Buffer> = new Map<string, string | Buffer>([
  ["text", recordedReply("chat-text-stream")],
  ["limit", recordedReply("chat-length-stream")],
  ["json", recordedReply("chat-json-schema")],
  ["calls", composed],
]);

const ways: readonly (readonly [string, Omit<ReplyScript, "response">])[] = [
  ["record by record", { split: "records" }],
  ["in pieces of seven bytes", { split: Array.from({ length: 6000 }, (_, index) => 7 * (index + 1)) }],
  ["with CRLF", { crlf: true }],
];

describe.each(ways)("recordings replayed %s", (way, script) => {
  const servers: ReplayServer[] = [];
  const at = new Map<"quick" | "slow", string>();
  beforeAll(async () => {
    for (const pace of ["quick", "slow"] as const) {
      const server = await startReplayServer(({ method, json }) => {
        if (method === "GET") return { response: recordedReply("models") };
        const response = replies.get(String((json as { model: string }).model)) ?? "";
        return pace === "quick"
          ? { ...script, response }
          : { response, split: "records", hang: "at the end", cutAfter: undefined, delayBeforeHead: 100 };
      });
      servers.push(server);
      at.set(pace, `${server.url}/v1`);
    }
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  describeProvider(`openai-chat (${way})`, {
    create: (pace) => createOpenaiChatProvider(upstreamAt("openai-chat", at.get(pace) ?? ""), context),
    calls: new Map([...replies.keys()].map((name) => [`the recording '${name}'`, callOf(name, "Hello")])),
  });
});

describe("an answer over a real connection", () => {
  it("is the same wherever its bytes are cut, inside characters too", async () => {
    const body = stream(chunk({ content: "Grüße 🌍" }), chunk({ content: "日本語" }), ending("stop"), "[DONE]");
    const length = Buffer.byteLength(body.slice(body.indexOf("\r\n\r\n") + 4));
    const { provider } = await serve((_, index) => ({ response: body, split: [index + 1] }));
    const wanted = await eventsOf(provider, hello);
    expect(textIn(wanted)).toBe("Grüße 🌍日本語");
    for (let cut = 2; cut < length; cut += 1) expect(await eventsOf(provider, hello)).toEqual(wanted);
  });

  it("that breaks off at any byte is a failure with what there was of it, never an end", async () => {
    const response = recordedReply("chat-length-stream");
    const length = response.length - response.indexOf("\r\n\r\n") - 4;
    const { provider } = await serve((_, index) => ({ response, cutAfter: index }));
    const whole = "tasks rights us";
    // With its last byte, `[DONE]` is whole.
    for (let cut = 0; cut < length; cut += 1) {
      const { events, failure } = await said(provider, hello);
      expect(failure, `cut at ${cut}`).toMatchObject({ name: "HubError", code: "upstream_error" });
      expect(events.every(({ type }) => type !== "finish")).toBe(true);
      expect(whole.startsWith(textIn(events))).toBe(true);
      foldOf(events);
    }
  });

  it("that stops at any byte without a word is a failure until the reason has come", async () => {
    const response = recordedReply("chat-length-stream").toString("latin1");
    const body = response.slice(response.indexOf("\r\n\r\n") + 4);
    const reasonEnd = body.indexOf("\n\n", body.indexOf('"finish_reason":"length"')) + 2;
    const { provider } = await serve((_, index) => ({ response: streamResponse(body.slice(0, index)) }));
    for (let cut = 0; cut <= body.length; cut += 1) {
      const { events, failure } = await said(provider, hello);
      if (cut < reasonEnd) expect(failure, `stopped at ${cut}`).toMatchObject({ code: "upstream_error" });
      else expect(events.at(-1), `stopped at ${cut}`).toMatchObject({ type: "finish", status: "incomplete" });
    }
  });

  it("need not end its connection after [DONE], and need not say [DONE]", async () => {
    const words = [chunk({ content: "Hi" }), ending("stop")];
    const { provider } = await serve([
      { response: stream(...words, "[DONE]"), hang: "at the end" },
      { response: stream(...words) },
    ]);
    for (let time = 0; time < 2; time += 1)
      expect((await eventsOf(provider, hello)).at(-1)).toMatchObject({ type: "finish", status: "completed" });
  });

  it("leaves its connection to those that come after it", async () => {
    const { provider, server } = await serve(() => ({ response: recordedReply("chat-text-stream"), split: "records" }));
    for (let time = 0; time < 5; time += 1) await eventsOf(provider, hello);
    expect(server.requests.map((request) => request.leftByClient())).toEqual([false, false, false, false, false]);
    // The next request may come a moment before the first connection is free.
    expect(server.openConnections()).toBeLessThanOrEqual(2);
  });

  it("may come at once, as JSON, or as a stream that is called JSON", async () => {
    const body = stream(chunk({ content: "Hi" }), ending("stop"), "[DONE]");
    const { provider } = await serve([
      { response: recordedReply("chat-json-schema") },
      { response: rawResponse(200, { "content-type": "application/json" }, body.slice(body.indexOf("\r\n\r\n") + 4)) },
      { response: jsonResponse(200, { error: { code: 503, message: "Loading model" } }) },
      { response: rawResponse(200, { "content-type": "application/json" }, '{"choices":[{"mess') },
      { response: rawResponse(200, { "content-type": "text/html" }, "<html>Welcome</html>") },
    ]);
    expect(textIn(await eventsOf(provider, hello))).toContain('"n":');
    expect(textIn(await eventsOf(provider, hello))).toBe("Hi");
    expect((await said(provider, hello)).failure).toMatchObject({ code: "unavailable" });
    expect((await said(provider, hello)).failure).toMatchObject({ code: "upstream_error" });
    expect((await said(provider, hello)).failure).toMatchObject({ code: "upstream_error" });
  });

  it("may hold an error or something that is no JSON", async () => {
    const begun = chunk({ content: "Well" });
    const { provider } = await serve([
      { response: stream(begun, { error: { message: "Out of memory", code: 500 } }) },
      {
        response: streamResponse(
          `data: ${JSON.stringify(begun)}\n\nevent: error\ndata: {"message":"Gone","code":502}\n\n`,
        ),
      },
      { response: stream(begun, "{broken") },
    ]);
    for (const code of ["upstream_error", "unavailable", "upstream_error"]) {
      const { events, failure } = await said(provider, hello);
      expect(failure).toMatchObject({ code, message: expect.stringContaining("'local'") });
      expect(textIn(events)).toBe("Well");
    }
  });
});

describe("a request over a real connection", () => {
  it("has the key and the headers of its upstream, and no key where there is none", async () => {
    const answer: ReplyScript = { response: recordedReply("chat-length-stream") };
    const keyed = await serve([answer], { key: "secret", headers: { "X-Title": "Hub" } });
    await eventsOf(keyed.provider, hello);
    expect(keyed.server.requests[0]).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer secret", "x-title": "Hub" },
    });
    const bare = await serve([answer]);
    await eventsOf(bare.provider, hello);
    expect(bare.server.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it("is made again while nothing was answered, and only then", async () => {
    const busy: ReplyScript = {
      response: jsonResponse(429, { error: { message: "Slow down" } }, { "retry-after": "0" }),
    };
    const { provider, server } = await serve([busy, { response: recordedReply("chat-length-stream") }], { retries: 1 });
    expect((await eventsOf(provider, hello)).at(-1)).toMatchObject({ type: "finish" });
    expect(server.requests).toHaveLength(2);
    const cut = await serve([{ response: stream(chunk({ content: "Hi" })) }], { retries: 3 });
    expect((await said(cut.provider, hello)).failure).toMatchObject({ code: "upstream_error" });
    expect(cut.server.requests).toHaveLength(1);
  });

  it("is told of refusals by their cause, and of those of the key as the hub's own affair", async () => {
    const { provider } = await serve([
      { response: recordedReply("chat-context-error") },
      { response: recordedReply("chat-malformed-error") },
      {
        response: jsonResponse(401, {
          error: { message: "Incorrect API key provided: sk-123", code: "invalid_api_key" },
        }),
      },
      { response: jsonResponse(404, { error: { message: "The model 'x' does not exist", code: "model_not_found" } }) },
    ]);
    expect((await said(provider, hello)).failure).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("22509 tokens"),
    });
    expect((await said(provider, hello)).failure).toMatchObject({ code: "invalid_request" });
    const refused = (await said(provider, hello)).failure;
    expect(refused).toMatchObject({ code: "upstream_error", message: expect.stringContaining("hub's key") });
    expect(String(refused)).not.toContain("sk-123");
    expect((await said(provider, hello)).failure).toMatchObject({ code: "model_not_found" });
  });

  it("is let go at once when it is cancelled", async () => {
    const { provider, server } = await serve([
      { response: recordedReply("chat-text-stream"), split: [700], hang: "at the end" },
    ]);
    const controller = new AbortController();
    const reading = said(provider, hello, controller.signal);
    await until(() => server.requests.length === 1);
    controller.abort();
    await reading;
    await until(() => server.requests[0]?.leftByClient() === true);
  });

  it("does not wait for an answer for ever, nor for its next word", async () => {
    const silent = await serve([{ hang: "at once" }], { first_event_timeout: 80 });
    expect((await said(silent.provider, hello)).failure).toMatchObject({ code: "deadline_exceeded" });
    await until(() => silent.server.requests[0]?.leftByClient() === true);
    const stuck = await serve([{ response: stream(chunk({ content: "Hi" })), hang: "at the end" }], {
      idle_timeout: 80,
    });
    const { events, failure } = await said(stuck.provider, hello);
    expect(failure).toMatchObject({ code: "deadline_exceeded" });
    expect(textIn(events)).toBe("Hi");
  });
});
