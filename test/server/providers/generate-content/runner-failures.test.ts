import { describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { failureOf } from "../../../cases/failure-of.ts";
import { composedAnswer, startGenerateContent } from "../../../cases/generate-content-provider.ts";
import { callOf, eventsOf, foldOf } from "../../../cases/provider.ts";
import { jsonResponse, type ReplyScript, streamResponse } from "../../../cases/replay-server.ts";

const call = (members: Partial<ModelCall> = {}): ModelCall => ({ ...callOf("gemini-3.8-flash", "Hi"), ...members });

describe("an upstream that fails", () => {
  const refusal = (status: number, word: string, message: string, headers = {}): ReplyScript => ({
    response: jsonResponse(status, { error: { code: status, message, status: word } }, headers),
  });

  it.each<[string, ReplyScript, object]>([
    ["refuses the request", refusal(400, "INVALID_ARGUMENT", "Bad role."), { code: "invalid_request" }],
    ["lacks the model", refusal(404, "NOT_FOUND", "models/x is not found"), { code: "model_not_found" }],
    [
      "is asked too much",
      refusal(429, "RESOURCE_EXHAUSTED", "Slow down.", { "retry-after": "30" }),
      { code: "rate_limit_exceeded", retryAfter: 30 },
    ],
    ["is overloaded", refusal(503, "UNAVAILABLE", "Overloaded."), { code: "unavailable" }],
    ["refuses the hub's key", refusal(403, "PERMISSION_DENIED", "No."), { code: "upstream_error" }],
  ])("is told by its cause when it %s", async (_, reply, expected) => {
    const { provider } = await startGenerateContent([reply]);
    const { error } = await failureOf(provider, call());
    expect(error).toMatchObject(expected);
    expect(error.message).toContain("'gemini'");
    expect(error.message).not.toContain("the-hubs-key");
  });

  it("tells whoever asks that it is his key that was refused", async () => {
    const { provider } = await startGenerateContent([refusal(401, "UNAUTHENTICATED", "No.")], { caller_key: true });
    expect((await failureOf(provider, call({ caller_key: "k" }))).error).toMatchObject({ code: "authentication" });
  });

  it("is asked again while it has said nothing, and not afterwards", async () => {
    const busy = refusal(503, "UNAVAILABLE", "Overloaded.");
    const body = composedAnswer("text");
    const { server, provider } = await startGenerateContent(
      [
        busy,
        { response: streamResponse(body) },
        { response: streamResponse(body), cutAfter: body.indexOf("\n\n") + 2 },
      ],
      { retries: 1 },
    );
    expect(foldOf(await eventsOf(provider, call())).status).toBe("completed");
    expect(server.requests).toHaveLength(2);
    expect((await failureOf(provider, call())).events.map((event) => event.type)).toEqual(["step.start", "step.delta"]);
    expect(server.requests).toHaveLength(3);
  });

  it("holds nothing after its deadlines, and its connection is closed", async () => {
    const { server, provider } = await startGenerateContent(
      [{ hang: "at once" }, { response: streamResponse('data: {"candidates":[{}]}\n\n'), hang: "at the end" }],
      { first_event_timeout: 500, idle_timeout: 60 },
    );
    expect((await failureOf(provider, call())).error).toMatchObject({ code: "deadline_exceeded" });
    expect((await failureOf(provider, call())).error).toMatchObject({
      code: "deadline_exceeded",
      message: expect.stringContaining("fell silent"),
    });
    for (const request of server.requests) {
      await request.closed;
      expect(request.leftByClient()).toBe(true);
    }
  });

  it("has its connection closed at once when the call is cancelled", async () => {
    const { server, provider } = await startGenerateContent([
      { response: streamResponse(composedAnswer("thoughts")), split: "records", delayBetweenPieces: 50 },
    ]);
    const controller = new AbortController();
    const events: ProviderEvent[] = [];
    const run = (async () => {
      for await (const event of provider.run(call(), controller.signal)) {
        events.push(event);
        if (events.length === 3) controller.abort();
      }
    })();
    await expect(run).rejects.toThrow();
    const start = performance.now();
    await server.requests[0]?.closed;
    expect(performance.now() - start).toBeLessThan(200);
    expect(server.requests[0]?.leftByClient()).toBe(true);
    expect(events).toHaveLength(3);
  });

  it("has its connection closed when whoever reads the answer leaves", async () => {
    const { server, provider } = await startGenerateContent([
      { response: streamResponse(composedAnswer("thoughts")), split: "records", delayBetweenPieces: 50 },
    ]);
    for await (const _ of provider.run(call(), new AbortController().signal)) break;
    await server.requests[0]?.closed;
    expect(server.requests[0]?.leftByClient()).toBe(true);
  });
});
