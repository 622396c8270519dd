import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ModelCall } from "../../../../schema/provider.ts";
import { callOf, eventsOf, foldOf } from "../../../cases/provider.ts";
import { startFakeGoogle } from "../../../cases/start-fake-google.ts";
import { until } from "../../../cases/until.ts";

describe("a background run", () => {
  const question: ModelCall = { ...callOf("gemini-3.8-flash", "Take your time"), background: true };

  it("tells its id before anything is said, and goes on while nobody listens", async () => {
    const { google, provider } = await startFakeGoogle({ pace: 5, cuts: [2] });
    const events = await eventsOf(provider, question);
    expect(events[0]).toEqual({ type: "upstream", id: "v1_fake-1" });
    expect(foldOf(events).status).toBe("completed");
    expect(google.requests.map(({ method }) => method)).toEqual(["POST", "GET"]);
    expect(google.requests[0]?.body).toMatchObject({ background: true, stream: true });
  });

  it("is asked for until it has ended where its stream cannot be gone on with", async () => {
    const { google, provider } = await startFakeGoogle({ pace: 20, cursors: "no", cuts: [4] });
    expect(foldOf(await eventsOf(provider, question)).status).toBe("completed");
    expect(google.requests.filter(({ method }) => method === "GET").length).toBeGreaterThan(1);
  });

  it("is told to stop when nobody wants it any more", async () => {
    const { google, provider } = await startFakeGoogle({ pace: 50 });
    const controller = new AbortController();
    const listening = eventsOf(provider, question, controller.signal);
    await until(() => google.ids().length > 0 && google.requests.length > 0);
    await wait(30);
    controller.abort();
    await expect(listening).rejects.toThrow();
    await until(() => google.statusOf("v1_fake-1") === "cancelled");
  });

  it("is told to stop also while it is only asked for", async () => {
    const { google, provider } = await startFakeGoogle({ pace: 50, cursors: "no", cuts: [3] });
    const controller = new AbortController();
    const listening = eventsOf(provider, question, controller.signal);
    await until(() => google.requests.length > 2);
    controller.abort();
    await expect(listening).rejects.toThrow();
    await until(() => google.statusOf("v1_fake-1") === "cancelled");
  });

  it("is not told to stop when it has ended", async () => {
    const { google, provider } = await startFakeGoogle();
    const controller = new AbortController();
    await eventsOf(provider, question, controller.signal);
    controller.abort();
    await wait(20);
    expect(google.requests.map(({ path }) => path)).toEqual(["/v1beta/interactions"]);
  });

  it("ends where Google was told elsewhere to cancel it", async () => {
    const { google, provider } = await startFakeGoogle({ pace: 20 });
    const listening = eventsOf(provider, question);
    await until(() => google.ids().length > 0);
    const headers = { "x-goog-api-key": "hub-key" };
    await fetch(`${google.url}/v1beta/interactions/v1_fake-1/cancel`, { method: "POST", headers });
    expect(foldOf(await listening).status).toBe("cancelled");
  });
});
