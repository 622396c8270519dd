import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import type { RunningHub } from "../../server/configuration/running-hub.ts";
import { create, openCreate, send } from "../cases/http-client.ts";
import { startTestHub } from "../cases/start-test-hub.ts";
import { until } from "../cases/until.ts";
import { idOf, saidIn, textOf } from "./answers.ts";
import type { Client } from "./client.ts";
import {
  cut,
  faultyVendors,
  key,
  type RunningFaultyVendor,
  refusal,
  silent,
  slow,
  startFaultyVendor,
  whole,
  wholeText,
} from "./faulty-vendors.ts";
import { type ReleaseName, releases } from "./releases.ts";
import { bothGenerations } from "./upstream-suite.ts";

/** How long the hub may take to let go of an upstream, in milliseconds. */
const AT_ONCE = 250;
/** How much longer than it may take something may be given up on a busy machine. */
const SLACK = 2_000;

describe.each(faultyVendors)("an upstream of kind $kind", (vendor) => {
  const { model } = vendor;
  const body = { model, input: "Count." };
  let running: RunningFaultyVendor;
  let hub: RunningHub;
  let client: Client;

  beforeAll(async () => {
    running = await startFaultyVendor(vendor);
    const times = { first_event_timeout: "400ms", idle_timeout: "600ms" };
    hub = await startTestHub({ upstreams: [{ retries: 0, ...times, ...running.entry }] });
    client = connect("3.1");
  });
  afterAll(async () => {
    await hub.close();
    await running.close();
  });

  const connect = (release: ReleaseName): Client =>
    releases[release]({ apiKey: "local", httpOptions: { baseUrl: hub.url } });

  const load = async (): Promise<unknown> => (await send(`${hub.url}/healthz`, "GET")).body.load;

  /** Nothing may be held for what has ended. */
  afterEach(async () => {
    await until(async () => ((await load()) as JsonObject).runs === 0);
  });

  /** Begins a run in the background and waits until it speaks; nothing more comes for longer than anybody may take here. */
  async function speaking(): Promise<string> {
    running.next = silent(vendor);
    const events = await client.open({ ...body, background: true });
    const seen: JsonObject[] = [];
    for await (const event of events) {
      seen.push(event);
      if (saidIn(client, client.fold(seen)) !== "") break;
    }
    return idOf(seen);
  }

  async function expectLeft(): Promise<void> {
    const since = performance.now();
    await until(() => running.isLeft());
    expect(performance.now() - since).toBeLessThan(AT_ONCE);
  }

  describe("that says nothing wrong", () => {
    test("is answered whole", async () => {
      running.next = slow(vendor);
      expect(textOf(client, await client.create(body))).toBe(wholeText);
    });
  });

  describe("loses its connection at once", () => {
    test("when its run is cancelled", async () => {
      const id = await speaking();
      expect(await client.cancel(id)).toMatchObject({ status: "cancelled" });
      await expectLeft();
    });

    test("when its interaction is deleted", async () => {
      const id = await speaking();
      await client.remove(id);
      await expectLeft();
      await expect(client.get(id)).rejects.toMatchObject({ status: 404 });
    });

    test("when the reader of what is not stored goes away", async () => {
      running.next = silent(vendor);
      const stream = await openCreate(hub.url, { ...body, store: false });
      for await (const { event } of stream.records) if (event === "step.delta") break;
      stream.cut();
      await expectLeft();
    });

    test("when who waits for a whole answer that is not stored goes away", async () => {
      running.next = { hang: "at once" };
      const asked = running.asked();
      const controller = new AbortController();
      const waiting = fetch(`${hub.url}/v1beta/interactions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...body, store: false }),
        signal: controller.signal,
      });
      await until(() => running.asked() > asked);
      controller.abort();
      await expect(waiting).rejects.toThrow();
      await expectLeft();
    });

    test("but not when a reader of what is stored goes away, who finds it whole", async () => {
      running.next = slow(vendor);
      const stream = await openCreate(hub.url, body);
      let id = "";
      for await (const { event, data } of stream.records) {
        if (data !== "[DONE]" && event === "interaction.created") id = String((data.interaction as JsonObject).id);
        if (event === "step.delta") break;
      }
      stream.cut();
      await until(async () => (await client.get(id)).status !== "in_progress");
      expect(textOf(client, await client.get(id))).toBe(wholeText);
    });
  });

  describe("that never answers", () => {
    test.each([false, true])("is given up in time, as a plain error; stream: %s", async (stream) => {
      running.next = { hang: "at once" };
      const since = performance.now();
      const { status, body: error } = await create(hub.url, { ...body, stream });
      expect(performance.now() - since).toBeLessThan(400 + SLACK);
      expect(status).toBe(504);
      expect(error).toMatchObject({
        error: { code: "deadline_exceeded", message: expect.stringContaining("'vendor'") },
      });
      expect(running.isLeft()).toBe(true);
    });

    test("fails what runs in the background", async () => {
      running.next = { hang: "at once" };
      const begun = await client.create({ ...body, background: true });
      await until(async () => (await client.get(String(begun.id))).status !== "in_progress");
      expect(await client.get(String(begun.id))).toMatchObject({
        status: "failed",
        errors: [{ code: "deadline_exceeded", message: expect.stringContaining("'vendor'") }],
      });
    });
  });

  describe.each([
    ["falls silent", silent, "deadline_exceeded"],
    ["is cut", cut, "api_error"],
  ] as const)("that %s in the middle", (_, fault, code) => {
    const failed = { status: "failed", errors: [{ code, message: expect.stringContaining("'vendor'") }] };

    /** As much as came of it, and no more. */
    function expectPart(text: string): void {
      expect(text).not.toBe("");
      expect(text).not.toBe(wholeText);
      expect(wholeText.startsWith(text)).toBe(true);
    }

    test("is told to have failed, with what came of it, in a whole answer", async () => {
      running.next = fault(vendor);
      const answered = await client.create(body);
      expect(answered).toMatchObject(failed);
      expectPart(textOf(client, answered));
      const read = await client.get(String(answered.id));
      expect(read).toMatchObject(failed);
      expect(textOf(client, read)).toBe(textOf(client, answered));
      expect(running.isLeft()).toBe(fault === silent);
    });

    test.each(bothGenerations)("is told release %s in its stream, its replay and a get", async (release) => {
      const reader = connect(release);
      running.next = fault(vendor);
      // In the background, because only there the legacy revision's streams have ids.
      const events = await reader.stream({ ...body, background: true });
      expect(events.at(-1)).toMatchObject({ event_type: "error", error: { code } });
      expect(events.map((event) => event.event_type)).not.toContain(reader.events.end);
      const text = saidIn(reader, reader.fold(events));
      expectPart(text);
      expect(await reader.replay(idOf(events))).toEqual(events);
      const middle = events.length >> 1;
      expect(await reader.replay(idOf(events), String(events[middle]?.event_id))).toEqual(events.slice(middle + 1));
      const read = await reader.get(idOf(events));
      expect(read).toMatchObject(failed);
      expect(textOf(reader, read)).toBe(text);
    });

    test("does not keep a chain from going on", async () => {
      running.next = fault(vendor);
      const answered = await client.create(body);
      running.next = whole(vendor);
      const next = { ...body, previous_interaction_id: answered.id ?? null };
      expect(await client.create(next)).toMatchObject({ status: "completed" });
    });
  });

  describe("that refuses", () => {
    const sentence = `Something about ${key} is wrong.`;

    test.each([
      [400, 400, "invalid_request"],
      [401, 502, "api_error"],
      [403, 502, "api_error"],
      [404, 502, "api_error"],
      [429, 429, "rate_limit_exceeded"],
      [500, 502, "api_error"],
      [503, 503, "service_unavailable"],
    ])("with %i is answered %i, by its cause, whole or as a stream", async (status, expected, code) => {
      running.next = refusal(status, "Something is wrong.");
      for (const stream of [false, true]) {
        const answered = await create(hub.url, { ...body, stream });
        expect(answered.status).toBe(expected);
        expect(answered.body).toEqual({ error: { code, message: expect.stringContaining("upstream 'vendor'") } });
      }
    });

    test.each([401, 403])("the hub's key with %i is not told the key", async (status) => {
      running.next = refusal(status, sentence);
      const answered = await create(hub.url, body);
      expect(answered).toMatchObject({
        status: 502,
        body: { error: { message: expect.stringMatching(/refused the hub's key/) } },
      });
      expect(JSON.stringify(answered.body)).not.toContain(key);
      expect(running.requests.at(-1)?.headers).toSatisfy((headers) => JSON.stringify(headers).includes(key));
    });

    test("for a time is told with that time", async () => {
      running.next = refusal(429, "Slower.", { "retry-after": "27" });
      const answered = await create(hub.url, body);
      expect(answered.status).toBe(429);
      expect(answered.headers.get("retry-after")).toBe("27");
      expect(answered.body).toEqual({
        error: { code: "rate_limit_exceeded", message: expect.stringContaining("Slower.") },
      });
    });

    test("what runs in the background fails it", async () => {
      running.next = refusal(400, "Something is wrong.");
      const begun = await client.create({ ...body, background: true });
      await until(async () => (await client.get(String(begun.id))).status !== "in_progress");
      const errors = [{ code: "invalid_request", message: expect.stringContaining("Something is wrong.") }];
      expect(await client.get(String(begun.id))).toMatchObject({ status: "failed", errors });
    });
  });
});
