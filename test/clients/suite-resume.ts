import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { idOf } from "./answers.ts";
import type { Stage } from "./suite.ts";

const model = "gemini-3.8-flash";
const research = {
  agent: "deep-research-pro-preview-12-2025",
  background: true,
  agent_config: { type: "deep-research", thinking_summaries: "auto" },
};

/** Streams that are gone on with after a cut. */
export function resumeSuite(stage: Stage): void {
  /** Resumes after every single event, all at once, and expects exactly the events that come after it. */
  async function expectResumable(events: readonly JsonObject[]): Promise<void> {
    const id = idOf(events);
    const rests = await Promise.all(events.map((event) => stage.client.replay(id, String(event.event_id))));
    expect(rests).toEqual(events.map((_, place) => events.slice(place + 1)));
  }

  describe("resuming", () => {
    stage.testOf("foreground event ids", "continues after every event of a text", async () => {
      await expectResumable(await stage.client.stream({ model, input: "count to 12" }));
    });

    test("continues after every event of a background text", async () => {
      await expectResumable(await stage.client.stream({ model, input: "count to 12", background: true }));
    });

    test("continues after every event of a research, with searches and citations", async () => {
      const events = await stage.client.stream({ ...research, input: "Rivers" });
      expect(events.length).toBeGreaterThan(40);
      await expectResumable(events);
    });

    test("continues after every event while the run goes on", async () => {
      const { client } = stage;
      const rests: Promise<JsonObject[]>[] = [];
      const events: JsonObject[] = [];
      let id = "";
      const params = { model: "simulator-slow-15", input: "count to 10", background: true };
      for await (const event of await client.open(params)) {
        id ||= String((event.interaction as JsonObject).id);
        events.push(event);
        rests.push(client.replay(id, String(event.event_id)));
      }
      expect(events.length).toBeGreaterThan(14);
      expect(await Promise.all(rests)).toEqual(events.map((_, place) => events.slice(place + 1)));
    });

    test("joins a running stream from its start", async () => {
      const { client } = stage;
      const { id } = await client.create({ model: "simulator-slow-10", input: "count to 10", background: true });
      const [one, other] = await Promise.all([client.replay(String(id)), client.replay(String(id))]);
      expect(one[0]?.event_type).toBe(client.events.begin);
      expect(one.at(-1)).toMatchObject({ interaction: { status: "completed" } });
      expect(other).toEqual(one);
      expect(await client.replay(String(id))).toEqual(one);
    });

    test("misses and repeats nothing when connections break again and again", async () => {
      const { client, tap } = stage;
      const { id } = await client.create({ ...research, input: "Rivers" });
      const events: JsonObject[] = [];
      const ended = () => events.at(-1)?.event_type === client.events.end;
      for (let attempt = 0; attempt < 40 && !ended(); attempt += 1) {
        tap.cutNextAfter(7);
        try {
          const cursor = events.at(-1)?.event_id;
          const rest = await client.reopen(String(id), cursor === undefined ? undefined : String(cursor));
          for await (const event of rest) events.push(event);
        } catch {
          // Each release has its own word for a broken connection.
        }
      }
      expect(ended()).toBe(true);
      expect(tap.exchanges.length).toBeGreaterThan(5);
      expect(events).toEqual(await client.replay(String(id)));
    });

    test("refuses a cursor that is none, or one of another interaction", async () => {
      const { client } = stage;
      const params = { model, input: "count to 3", background: true };
      const [one, other] = await Promise.all([client.stream(params), client.stream(params)]);
      const refusal = { status: 400, message: expect.stringContaining("last_event_id") };
      await expect(client.replay(idOf(one), "nonsense")).rejects.toMatchObject(refusal);
      await expect(client.replay(idOf(one), String(other[3]?.event_id))).rejects.toMatchObject(refusal);
      await expect(client.replay(idOf(one), String(one.at(-1)?.event_id))).resolves.toEqual([]);
    });
  });
}
