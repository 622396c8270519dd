import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { redDot } from "../cases/red-dot.ts";
import { until } from "../cases/until.ts";
import { idOf, ofType, saidIn, textOf } from "./answers.ts";
import type { ReleaseName } from "./releases.ts";
import { resultFor } from "./suite-functions.ts";
import { setUpstreamStage, type UpstreamStage } from "./upstream-stage.ts";
import type { Vendor } from "./vendors.ts";

/** A release of the steps revision, and the last one of the legacy revision. */
export const bothGenerations: readonly ReleaseName[] = ["3.1", "1.52"];

/** A function that the application runs. */
export const weather = {
  type: "function",
  name: "get_weather",
  description: "Tells the weather of a city.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
/** What makes every fake model call it. */
export const question = "What is the weather in Porto? Use get_weather.";

/** What an application does with official clients, whoever answers. */
export function upstreamSuite(vendor: Vendor): void {
  describe.each(bothGenerations)(`release %s on an upstream of kind ${vendor.kind}`, (release) => {
    const { model } = vendor;
    let stage: UpstreamStage;
    beforeAll(async () => {
      stage = await setUpstreamStage(await vendor.start(), release);
    });
    afterAll(async () => {
      await stage.close();
    });
    beforeEach(() => {
      stage.running.setPace(0);
    });

    const callIn = (produced: readonly JsonObject[]): JsonObject | undefined => ofType(produced, "function_call")[0];

    /** What is stored of what came of an interaction. */
    async function stored(id: JsonObject[string] | undefined): Promise<JsonObject[]> {
      return unplaced(stage.client.produced(await stage.client.get(String(id)), 1));
    }

    /** Whether the vendor keeps the chain itself, so that it need not hear all of it again. */
    const keepsChain = (): boolean => stage.lastAsked().previous_interaction_id !== undefined;

    test("a call waits for its result, and the answer to that uses it", async () => {
      const { client } = stage;
      const asked = await client.create({ model, input: question, tools: [weather] });
      expect(asked).toMatchObject({ status: "requires_action", model });
      const call = callIn(client.produced(asked));
      expect(call).toMatchObject({ name: "get_weather", arguments: vendor.called });
      const previous_interaction_id = asked.id ?? null;
      const input = [resultFor(call, { sky: "cloudless" })];
      const answered = await client.create({ model, input, tools: [weather], previous_interaction_id });
      expect(answered).toMatchObject({ status: "completed", previous_interaction_id });
      expect(textOf(client, answered)).toContain("cloudless");
      expect(await stored(asked.id)).toEqual(unplaced(client.produced(asked)));
      expect(await stored(answered.id)).toEqual(unplaced(client.produced(answered)));
    });

    test("the same streams, and what was streamed is what is stored", async () => {
      const { client } = stage;
      const asked = await client.stream({ model, input: question, tools: [weather] });
      const { begin, end } = client.events;
      expect(asked[0]).toMatchObject({ event_type: begin, interaction: { status: "in_progress" } });
      expect(asked.at(-1)).toMatchObject({ event_type: end, interaction: { status: "requires_action" } });
      const call = callIn(client.fold(asked));
      expect(call).toMatchObject({ name: "get_weather", arguments: vendor.called });
      const input = [resultFor(call, "cloudless")];
      const params = { model, input, tools: [weather], previous_interaction_id: idOf(asked) };
      const answered = await client.stream(params);
      expect(answered.at(-1)).toMatchObject({ event_type: end, interaction: { status: "completed" } });
      expect(saidIn(client, client.fold(answered))).toContain("cloudless");
      expect(await stored(idOf(asked))).toEqual(unplaced(client.fold(asked)));
      expect(await stored(idOf(answered))).toEqual(client.fold(answered));
    });

    test("whoever keeps the conversation himself gives back what was signed, and the vendor takes it", async () => {
      const { client } = stage;
      const asked = await client.create({ model, input: question, tools: [weather], store: false });
      const produced = client.produced(asked);
      const input = [
        ...client.replayUser(question),
        ...client.replayModel(produced),
        ...client.replayResults([resultFor(callIn(produced), "cloudless")]),
      ];
      const requests = stage.running.asked().length;
      const answered = await client.create({ model, input, tools: [weather], store: false });
      expect(answered.status).toBe("completed");
      expect(textOf(client, answered)).toContain("cloudless");
      expect(vendor.thoughtsIn(stage.lastAsked())).toEqual([expect.stringMatching(vendor.thought)]);
      // At the first go, without a request that the vendor refused.
      expect(stage.running.asked()).toHaveLength(requests + 1);
    });

    test("an answer keeps to a JSON schema, which the vendor gets in its own words", async () => {
      const { client } = stage;
      const town = { type: "object", properties: { town: { type: "string" } }, required: ["town"] };
      const answered = await client.create({ model, input: "A town, please.", ...client.asJson(town) });
      expect(JSON.parse(textOf(client, answered))).toEqual({ town: "Porto" });
      expect(vendor.schemaIn(stage.lastAsked())).toMatchObject(town);
    });

    test("an image goes in, also with the history", async () => {
      const { client } = stage;
      const image = { type: "image", data: redDot, mime_type: "image/png" };
      const first = await client.create({ model, input: [{ type: "text", text: "Look." }, image] });
      expect(first.status).toBe("completed");
      const seen = [`data:image/png;base64,${redDot}`];
      expect(vendor.imagesIn(stage.lastAsked())).toEqual(seen);
      const previous_interaction_id = first.id ?? null;
      expect(await client.create({ model, input: "Look again.", previous_interaction_id })).toMatchObject({
        status: "completed",
      });
      expect(vendor.imagesIn(stage.lastAsked())).toEqual(keepsChain() ? [] : seen);
    });

    test("a background run is polled to its end, and followed by who joins it in the middle", async () => {
      const { client } = stage;
      stage.running.setPace(15);
      const begun = await client.create({ model, input: "one two three", background: true });
      expect(begun).toMatchObject({ status: "in_progress" });
      expect(client.produced(begun)).toEqual([]);
      const following = client.replay(String(begun.id));
      const states: unknown[] = [];
      await until(async () => {
        states.push((await client.get(String(begun.id))).status);
        return states.at(-1) !== "in_progress";
      });
      expect(states[0]).toBe("in_progress");
      expect(states.at(-1)).toBe("completed");
      const events = await following;
      expect(events.at(-1)).toMatchObject({ event_type: client.events.end, interaction: { status: "completed" } });
      expect(await stored(begun.id)).toEqual(client.fold(events));
      expect(await client.replay(String(begun.id))).toEqual(events);
    });

    test("who is cut after any event goes on by its id, and misses and repeats nothing", async () => {
      const { client } = stage;
      const params = { model, input: "one two three", background: true };
      const whole = await client.stream(params);
      expect(whole.length).toBeGreaterThan(6);
      stage.running.setPace(3);
      const before = stage.running.asked().length;
      const resumed = await Promise.all(whole.map((_, place) => cutAfter(place + 1, params)));
      for (const { seen, rest, again } of resumed) {
        expect([...seen, ...rest]).toEqual(again);
        expect(again.at(-1)).toMatchObject({ event_type: client.events.end, interaction: { status: "completed" } });
      }
      expect(resumed.map(({ seen }) => seen.length)).toEqual(whole.map((_, place) => place + 1));
      // Nothing was asked of the vendor twice.
      expect(stage.running.asked().length - before).toBe(whole.length);
    });

    type Resumed = { seen: JsonObject[]; rest: JsonObject[]; again: JsonObject[] };

    /** Leaves a stream after so many events and asks for the rest. */
    async function cutAfter(count: number, params: JsonObject): Promise<Resumed> {
      const { client } = stage;
      const seen: JsonObject[] = [];
      for await (const event of await client.open(params)) {
        seen.push(event);
        if (seen.length === count) break;
      }
      const rest = await client.replay(idOf(seen), String(seen.at(-1)?.event_id));
      return { seen, rest, again: await client.replay(idOf(seen)) };
    }

    test("a chain goes on after a restart of the hub on the same file", async () => {
      const asked = await stage.client.create({ model, input: question, tools: [weather] });
      const call = callIn(stage.client.produced(asked));
      const read = await stored(asked.id);
      await stage.restart();
      const { client } = stage;
      expect(await stored(asked.id)).toEqual(read);
      const requests = stage.running.asked().length;
      const answered = await client.create({
        model,
        input: [resultFor(call, "cloudless")],
        tools: [weather],
        previous_interaction_id: asked.id ?? null,
      });
      expect(answered.status).toBe("completed");
      expect(textOf(client, answered)).toContain("cloudless");
      expect(stage.running.asked()).toHaveLength(requests + 1);
      const thoughts = keepsChain() ? [] : [expect.stringMatching(vendor.thought)];
      expect(vendor.thoughtsIn(stage.lastAsked())).toEqual(thoughts);
    });

    test("a hub that stops lets go of the vendor, and the next one knows what it had heard", async () => {
      stage.running.setPace(40);
      const seen: JsonObject[] = [];
      let restarted: Promise<void> | undefined;
      for await (const event of await stage.client.open({ model, input: "one two three four", background: true })) {
        seen.push(event);
        if (seen.length === 6) restarted = stage.restart();
      }
      await restarted;
      await until(() => stage.running.hasLost());
      const { client } = stage;
      const read = await client.get(idOf(seen));
      expect(seen.at(-1)).toMatchObject({
        event_type: "error",
        error: { message: expect.stringContaining("stopped") },
      });
      expect(read).toMatchObject({ status: "failed" });
      expect(unplaced(client.produced(read, 1))).toEqual(unplaced(client.fold(seen)));
      expect(await client.replay(idOf(seen))).toEqual(seen);
    });

    test("a cancelled run lets go of the vendor at once", async () => {
      const { client } = stage;
      stage.running.setPace(100);
      const before = stage.running.asked().length;
      const begun = await client.create({ model, input: "one two three four five six", background: true });
      await until(() => stage.running.asked().length > before);
      expect(stage.running.hasLost()).toBe(false);
      expect(await client.cancel(String(begun.id))).toMatchObject({ status: "cancelled" });
      await until(() => stage.running.hasLost());
    });
  });
}

/** Without the empty signatures of Google's, which only hold a place: readers of the steps revision's streams drop them. */
function unplaced(produced: readonly JsonObject[]): JsonObject[] {
  return produced.map(({ signature = "", ...item }) => (signature === "" ? item : { ...item, signature }));
}
