import { describe, expect, it } from "vitest";
import { chunk, recordedReply } from "../../../cases/chat-chunks.ts";
import { chatStream, chatUpstreams, saidBy, textIn } from "../../../cases/chat-upstream.ts";
import { callOf, eventsOf } from "../../../cases/provider.ts";
import { jsonResponse, type ReplyScript } from "../../../cases/replay-server.ts";
import { until } from "../../../cases/until.ts";

const { serve } = chatUpstreams();

const hello = callOf("tiny", "Say hello");

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
    const silent = chatStream(chunk({ role: "assistant", content: null }), { error: { message: "Busy", code: 503 } });
    const begun = await serve(
      [{ response: silent, split: "records" }, { response: recordedReply("chat-length-stream") }],
      {
        retries: 1,
      },
    );
    expect((await eventsOf(begun.provider, hello)).at(-1)).toMatchObject({ type: "finish" });
    const cut = await serve([{ response: chatStream(chunk({ content: "Hi" })) }], { retries: 3 });
    expect((await saidBy(cut.provider, hello)).failure).toMatchObject({ code: "upstream_error" });
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
    expect((await saidBy(provider, hello)).failure).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("22509 tokens"),
    });
    expect((await saidBy(provider, hello)).failure).toMatchObject({ code: "invalid_request" });
    const refused = (await saidBy(provider, hello)).failure;
    expect(refused).toMatchObject({ code: "upstream_error", message: expect.stringContaining("hub's key") });
    expect(String(refused)).not.toContain("sk-123");
    expect((await saidBy(provider, hello)).failure).toMatchObject({ code: "model_not_found" });
  });

  it("is let go at once when it is cancelled", async () => {
    const { provider, server } = await serve([
      { response: recordedReply("chat-text-stream"), split: [700], hang: "at the end" },
    ]);
    const controller = new AbortController();
    const reading = saidBy(provider, hello, controller.signal);
    await until(() => server.requests.length === 1);
    controller.abort();
    await reading;
    await until(() => server.requests[0]?.leftByClient() === true);
  });

  it("does not wait for an answer for ever, nor for its next word", async () => {
    const silent = await serve([{ hang: "at once" }], { first_event_timeout: 80 });
    expect((await saidBy(silent.provider, hello)).failure).toMatchObject({ code: "deadline_exceeded" });
    await until(() => silent.server.requests[0]?.leftByClient() === true);
    const stuck = await serve([{ response: chatStream(chunk({ content: "Hi" })), hang: "at the end" }], {
      idle_timeout: 80,
    });
    const { events, failure } = await saidBy(stuck.provider, hello);
    expect(failure).toMatchObject({ code: "deadline_exceeded" });
    expect(textIn(events)).toBe("Hi");
  });
});
