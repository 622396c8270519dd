import { describe, expect, it } from "vitest";
import type { ProviderEvent } from "../../../../schema/core/event.ts";
import type { ModelCall, Provider } from "../../../../schema/provider.ts";
import { connectGemini } from "../../../cases/gemini-provider.ts";
import { callOf, eventsOf, foldOf, saying } from "../../../cases/provider.ts";
import { createTestContext } from "../../../cases/provider-context.ts";
import { startFakeGoogle } from "../../../cases/start-fake-google.ts";
import { until } from "../../../cases/until.ts";

const question: ModelCall = { ...callOf("gemini-3.8-flash", "Take your time"), background: true };
const never = new AbortController().signal;

async function takenUp(provider: Provider, call: ModelCall, id: string, signal = never): Promise<ProviderEvent[]> {
  if (provider.resume === undefined) throw new Error("it cannot take anything up");
  return Array.fromAsync(provider.resume(call, id, signal));
}

describe("a background run that somebody else began", () => {
  it("is told from its beginning, without the id that is known, while it runs and when it has ended", async () => {
    const { google, provider } = await startFakeGoogle({ pace: 5 });
    const [told, begun] = [eventsOf(provider, question), until(() => google.ids().length > 0)];
    await begun;
    const again = await takenUp(connectGemini(google.url), question, "v1_fake-1");
    const [id, ...events] = await told;
    expect(id).toEqual({ type: "upstream", id: "v1_fake-1" });
    expect(again).toEqual(events);
    expect(await takenUp(provider, question, "v1_fake-1")).toEqual(events);
    expect(google.requests.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
  });

  it("is gone on with wherever its stream breaks off, and shown whole where there is none", async () => {
    const { google, provider } = await startFakeGoogle();
    const whole = foldOf((await eventsOf(provider, question)).slice(1));
    for (const cuts of [[1], [4, 2, 1], [0, 0, 0], [5, 0, 0, 0]]) {
      google.manner.cuts = cuts;
      const again = foldOf(await takenUp(provider, question, "v1_fake-1"));
      expect(again.output, `cut after ${cuts}`).toEqual(whole.output);
      expect(again).toMatchObject({ status: "completed", usage: whole.usage });
    }
  });

  it.each([true, false])(
    "is told apart from what was sent, where a read shows both: gone on from there %s",
    async (isKept) => {
      const { google, provider } = await startFakeGoogle();
      const first = foldOf(await eventsOf(provider, callOf("gemini-3.8-flash", "One")));
      const history = [saying("One"), ...first.output];
      const anchor = { id: "v1_fake-1", steps: history.length };
      const call: ModelCall = { ...question, history, history_by: history.map(() => "google"), anchor };
      if (!isKept) google.forget("v1_fake-1");
      const second = foldOf((await eventsOf(provider, call)).filter(({ type }) => type !== "degraded"));
      google.manner.cuts = [0, 0, 0];
      const again = foldOf(await takenUp(provider, call, "v1_fake-2"));
      expect(again.output).toEqual(second.output);
    },
  );

  it("is waited for while Google cannot be reached, for longer than one that nobody goes on with", async () => {
    const { google, provider } = await startFakeGoogle();
    await eventsOf(provider, question);
    const { fetch } = createTestContext();
    let left = 20;
    const flaky: typeof fetch = (input, init) => {
      left -= 1;
      if (left >= 0) return Promise.reject(Object.assign(new TypeError("fetch failed"), { code: "ECONNREFUSED" }));
      return fetch(input, init);
    };
    const restarted = connectGemini(google.url, {}, { fetch: flaky });
    expect(foldOf(await takenUp(restarted, question, "v1_fake-1")).status).toBe("completed");
    left = Number.POSITIVE_INFINITY;
    await expect(takenUp(restarted, question, "v1_fake-1")).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is refused at once where Google has forgotten it, will not have the key, or has none to be asked with", async () => {
    const { google, provider } = await startFakeGoogle();
    await expect(takenUp(provider, question, "v1_fake-9")).rejects.toMatchObject({
      message: expect.stringContaining("Interaction not found"),
    });
    const stranger = connectGemini(google.url, { key: "another-key" });
    await expect(takenUp(stranger, question, "v1_fake-9")).rejects.toMatchObject({
      message: expect.stringContaining("refused the hub's key"),
    });
    const asked = google.requests.length;
    const passing = connectGemini(google.url, { caller_key: true });
    await expect(takenUp(passing, question, "v1_fake-9")).rejects.toMatchObject({
      message: expect.stringContaining("the key of whoever asked"),
    });
    expect(google.requests).toHaveLength(asked);
  });

  it("is told to stop when nobody wants it any more, unless it has ended", async () => {
    const { google, provider } = await startFakeGoogle({ pace: 40 });
    const began = new AbortController();
    const first = eventsOf(provider, question, began.signal).catch(() => {});
    await until(() => google.eventsOf("v1_fake-1").length > 3);
    const controller = new AbortController();
    const again = takenUp(connectGemini(google.url), question, "v1_fake-1", controller.signal);
    await until(() => google.requests.length === 2);
    controller.abort();
    await expect(again).rejects.toThrow();
    await until(() => google.statusOf("v1_fake-1") === "cancelled");
    await first;
    expect(foldOf(await takenUp(provider, question, "v1_fake-1")).status).toBe("cancelled");
    expect(google.requests.filter(({ path }) => path.endsWith("/cancel"))).toHaveLength(1);
  });
});
