import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { idOf, outcomeOf, saidIn } from "./answers.ts";
import { scenarios } from "./scenarios.ts";
import type { Stage } from "./suite.ts";

const model = "gemini-3.8-flash";

/** Streams: their order, and that they tell the same as a get. */
export function streamSuite(stage: Stage): void {
  describe("streams", () => {
    test("a text comes in the order that real streams have, the thought first, the usage last", async () => {
      const { client } = stage;
      const { begin, start, delta, stop, end } = client.events;
      const events = await client.stream({ model, input: "count to 3" });
      expect(events.map((event) => event.event_type)).toEqual([
        begin,
        "interaction.status_update",
        start,
        delta,
        stop,
        start,
        ...["1,", " 2,", " 3"].map(() => delta),
        stop,
        end,
      ]);
      expect(events[0]?.interaction).toEqual({
        id: expect.stringMatching(/^v1_/),
        status: "in_progress",
        object: "interaction",
        model,
      });
      expect(events[1]).toMatchObject({ interaction_id: idOf(events), status: "in_progress" });
      expect(events.at(-1)?.interaction).toMatchObject({
        id: idOf(events),
        status: "completed",
        usage: { total_tokens: expect.any(Number) },
      });
      expect(saidIn(client, client.fold(events))).toBe("1, 2, 3");
    });

    test("steps follow one another: an index starts, grows and stops before the next one starts", async () => {
      const { client } = stage;
      const { start, stop } = client.events;
      const tools = [{ type: "google_search" }];
      const events = await client.stream({ model, input: "Search the web for news about rivers.", tools });
      const bounds = events.filter((event) => event.event_type === start || event.event_type === stop);
      const indexes = bounds.map((event) => event.index);
      expect(indexes).toEqual(indexes.map((_, place) => Math.floor(place / 2)));
      expect(bounds.map((event) => event.event_type)).toEqual(
        bounds.map((_, place) => (place % 2 === 0 ? start : stop)),
      );
      expect(indexes.length).toBeGreaterThan(6);
    });

    stage.testOf("foreground event ids", "every event has an id of its own", async () => {
      const ids = (await stage.client.stream({ model, input: "count to 3" })).map((event) => event.event_id);
      expect(ids).not.toContain(undefined);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test.each(scenarios)("$name: the stream, put together, is what a get shows", async ({ params, status }) => {
      const { client } = stage;
      const events = await client.stream(params(client));
      const read = await client.get(idOf(events));
      expect(read.status).toBe(status);
      expect(client.fold(events)).toEqual(client.produced(read, 1));
      expect(outcomeOf(events)).toEqual({ status, usage: read.usage });
      const replay = await client.replay(idOf(events));
      expect(replay).toEqual(events);
    });

    test("a stream whose source broke ends with an error and is never complete", async () => {
      const { client } = stage;
      const events = await client.stream({ model: "simulator-fault-cut-7", input: "count to 50" });
      expect(events.at(-1)).toMatchObject({
        event_type: "error",
        error: { code: expect.any(String), message: expect.stringContaining("broke off") },
      });
      expect(events.map((event) => event.event_type)).not.toContain(client.events.end);
      const read = await client.get(idOf(events));
      expect(read).toMatchObject({ status: "failed", errors: [{ message: expect.stringContaining("broke off") }] });
    });

    test("a reader that leaves does not stop what is stored", async () => {
      const { client } = stage;
      let id = "";
      for await (const event of await client.open({ model: "simulator-slow-5", input: "count to 20" })) {
        id ||= String((event.interaction as JsonObject | undefined)?.id ?? "");
        if (event.event_type === client.events.delta) break;
      }
      const events = await client.replay(id);
      expect(events.at(-1)).toMatchObject({ interaction: { id, status: "completed" } });
      expect(saidIn(client, client.fold(events))).toMatch(/^1, 2, .* 20$/);
    });

    test("many streams run side by side, each with its own answer", async () => {
      const { client } = stage;
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, number) => {
          const events = await client.stream({ model, input: `say exactly: this is number ${number}` });
          return saidIn(client, client.fold(events));
        }),
      );
      expect(answers).toEqual(answers.map((_, number) => `this is number ${number}`));
    });
  });
}
