import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calling, chunk, ending, recordedReply } from "../../../cases/chat-chunks.ts";
import { chatStream, chatUpstreams, saidBy, textIn } from "../../../cases/chat-upstream.ts";
import { callOf, describeProvider, eventsOf, foldOf } from "../../../cases/provider.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  rawResponse,
  startReplayServer,
  streamResponse,
} from "../../../cases/replay-server.ts";

const { connect, serve } = chatUpstreams();

const hello = callOf("tiny", "Say hello");

/** Two whole calls side by side after some thinking, which no recording holds: the recorded model never gets that far. */
const composed = chatStream(
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
      at.set(pace, server.url);
    }
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  describeProvider(`openai-chat (${way})`, {
    create: (pace) => connect(at.get(pace) ?? ""),
    calls: new Map([...replies.keys()].map((name) => [`the recording '${name}'`, callOf(name, "Hello")])),
  });
});

describe("an answer over a real connection", () => {
  it("is the same wherever its bytes are cut, inside characters too", async () => {
    const body = chatStream(chunk({ content: "Grüße 🌍" }), chunk({ content: "日本語" }), ending("stop"), "[DONE]");
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
      const { events, failure } = await saidBy(provider, hello);
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
      const { events, failure } = await saidBy(provider, hello);
      if (cut < reasonEnd) expect(failure, `stopped at ${cut}`).toMatchObject({ code: "upstream_error" });
      else expect(events.at(-1), `stopped at ${cut}`).toMatchObject({ type: "finish", status: "incomplete" });
    }
  });

  it("need not end its connection after [DONE], and need not say [DONE]", async () => {
    const words = [chunk({ content: "Hi" }), ending("stop")];
    const { provider } = await serve([
      { response: chatStream(...words, "[DONE]"), hang: "at the end" },
      { response: chatStream(...words) },
    ]);
    for (let time = 0; time < 2; time += 1)
      expect((await eventsOf(provider, hello)).at(-1)).toMatchObject({ type: "finish", status: "completed" });
  });

  it("leaves its connection to those that come after it, though it may end a little after [DONE]", async () => {
    const ports: (number | undefined)[] = [];
    const server = createServer((request, response) => {
      ports.push(request.socket.remotePort);
      response.setHeader("content-type", "text/event-stream");
      response.write(
        [chunk({ content: "Hi" }), ending("stop")].map((each) => `data: ${JSON.stringify(each)}\n\n`).join(""),
      );
      response.write("data: [DONE]\n\n");
      setTimeout(() => response.end(), 15);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const provider = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (let time = 0; time < 6; time += 1) await eventsOf(provider, hello);
    server.close();
    // The next request may come a moment before the first connection is free.
    expect(new Set(ports).size).toBeLessThanOrEqual(2);
  });

  it("may come at once, as JSON, or as a stream that is called JSON", async () => {
    const body = chatStream(chunk({ content: "Hi" }), ending("stop"), "[DONE]");
    const { provider } = await serve([
      { response: recordedReply("chat-json-schema") },
      { response: rawResponse(200, { "content-type": "application/json" }, body.slice(body.indexOf("\r\n\r\n") + 4)) },
      { response: jsonResponse(200, { error: { code: 503, message: "Loading model" } }) },
      { response: rawResponse(200, { "content-type": "application/json" }, '{"choices":[{"mess') },
      { response: rawResponse(200, { "content-type": "text/html" }, "<html>Welcome</html>") },
    ]);
    expect(textIn(await eventsOf(provider, hello))).toContain('"n":');
    expect(textIn(await eventsOf(provider, hello))).toBe("Hi");
    expect((await saidBy(provider, hello)).failure).toMatchObject({ code: "unavailable" });
    expect((await saidBy(provider, hello)).failure).toMatchObject({ code: "upstream_error" });
    expect((await saidBy(provider, hello)).failure).toMatchObject({ code: "upstream_error" });
  });

  it("may hold an error or something that is no JSON", async () => {
    const begun = chunk({ content: "Well" });
    const { provider } = await serve([
      { response: chatStream(begun, { error: { message: "Out of memory", code: 500 } }) },
      {
        response: streamResponse(
          `data: ${JSON.stringify(begun)}\n\nevent: error\ndata: {"message":"Gone","code":502}\n\n`,
        ),
      },
      { response: chatStream(begun, "{broken") },
    ]);
    for (const code of ["upstream_error", "unavailable", "upstream_error"]) {
      const { events, failure } = await saidBy(provider, hello);
      expect(failure).toMatchObject({ code, message: expect.stringContaining("'local'") });
      expect(textIn(events)).toBe("Well");
    }
  });
});
