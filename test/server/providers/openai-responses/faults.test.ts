import { describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import { callOf, eventsOf, foldOf } from "../../../cases/provider.ts";
import { jsonResponse, type ReplyScript, rawResponse, streamResponse } from "../../../cases/replay-server.ts";
import { answerEvents, streamOf } from "../../../cases/responses-events.ts";
import { connect } from "./connect.ts";
import { replaying } from "./replaying.ts";
import { message, replyOf } from "./samples.ts";

const replay = replaying();

describe("an upstream that fails", () => {
  const busy = jsonResponse(503, { error: { message: "Loading model", type: "unavailable_error", code: 503 } });

  it("is asked again while it has said nothing", async () => {
    const limited = jsonResponse(429, { error: { code: "rate_limit_exceeded" } }, { "retry-after": "0" });
    const failed = streamResponse(
      streamOf([
        { type: "response.created", response: {} },
        { type: "error", code: "server_error", message: "Sorry." },
      ]),
    );
    const { url, requests } = await replay(
      { response: limited },
      { response: failed },
      { response: busy },
      { response: replyOf(message("At last.")) },
    );
    const slept: number[] = [];
    const sleep = async (milliseconds: number): Promise<void> => {
      slept.push(milliseconds);
      if (milliseconds > 2_000) await new Promise(() => {});
    };
    const provider = connect(url, { retries: 3 }, { sleep });
    const folded = foldOf(await eventsOf(provider, callOf("m", "Hello")));
    expect(folded.output).toMatchObject([{ content: [{ text: "At last." }] }]);
    expect(requests).toHaveLength(4);
  });

  it("is not asked again once it has begun", async () => {
    const { url, requests } = await replay({ response: replyOf(message("Hello there")), cutAfter: 1_500 });
    await expect(eventsOf(connect(url, { retries: 3 }), callOf("m", "Hello"))).rejects.toMatchObject({
      name: "HubError",
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [401, { error: { code: "invalid_api_key", message: "Incorrect API key provided: test-key." } }, "upstream_error"],
    [404, { error: { code: "model_not_found", message: "The model `m` does not exist." } }, "model_not_found"],
    [429, { error: { code: "insufficient_quota", message: "You exceeded your quota." } }, "quota_exceeded"],
    [400, { error: { code: 400, message: "too long", type: "exceed_context_size_error" } }, "invalid_request"],
    [503, { error: { message: "Loading model" } }, "unavailable"],
  ])("with status %i is told by its cause", async (status, body, code) => {
    const { url } = await replay({ response: jsonResponse(status, body) });
    const failure = await eventsOf(connect(url), callOf("m", "Hello")).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "HubError", code, message: expect.stringContaining("'vendor'") });
    expect(String(failure)).not.toContain("test-key");
  });

  const partial = streamResponse(streamOf(answerEvents({ output: [message("Half of")] }).slice(0, -2)));

  it.each<[string, ReplyScript, Parameters<typeof connect>[1], number]>([
    ["does not answer in time", { hang: "at once" }, { first_event_timeout: 300 }, 0],
    ["falls silent", { response: partial, hang: "at the end" }, { idle_timeout: 200 }, 1],
  ])("is given up where it %s", async (_, script, times, steps) => {
    const { url, requests } = await replay(script);
    const provider = connect(url, times);
    const said: ProviderEvent[] = [];
    const run = async (): Promise<void> => {
      for await (const event of provider.run(callOf("m", "Hello"), new AbortController().signal)) said.push(event);
    };
    await expect(run()).rejects.toMatchObject({ code: "deadline_exceeded" });
    expect(foldOf(said).output).toHaveLength(steps);
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });

  it("loses its connection at once when the run is aborted", async () => {
    const response = replyOf(message("A long text that takes its time"));
    const { url, requests } = await replay({ response, split: "records", delayBetweenPieces: 100 });
    const controller = new AbortController();
    const said: ProviderEvent[] = [];
    const run = async (): Promise<void> => {
      for await (const event of connect(url).run(callOf("m", "Hello"), controller.signal)) {
        said.push(event);
        if (said.length === 3) controller.abort();
      }
    };
    await run().catch(() => {});
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
    expect(said).toHaveLength(3);
  });

  it("that sends a page instead of an answer is told to have sent nothing that can be read", async () => {
    const { url } = await replay({ response: rawResponse(200, { "content-type": "text/html" }, "<html>Login</html>") });
    await expect(eventsOf(connect(url), callOf("m", "Hello"))).rejects.toMatchObject({ code: "upstream_error" });
  });
});
