import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { idOf, ofType, outcomeOf, textOf } from "./answers.ts";
import type { Stage } from "./suite.ts";

const model = "gemini-3.8-flash";
const slow = "simulator-slow-200";
const agent = "deep-research-preview-04-2026";

/** What runs while nobody waits for it. */
export function backgroundSuite(stage: Stage): void {
  /** Polls as the documentation shows it. */
  async function poll(id: string): Promise<{ ended: JsonObject; waited: number }> {
    for (let waited = 0; ; waited += 1) {
      const ended = await stage.client.get(id);
      if (ended.status !== "in_progress") return { ended, waited };
      await wait(10);
    }
  }

  describe("in the background", () => {
    test("a model answers at once that it runs, and is polled until it has ended", async () => {
      const { client } = stage;
      const params = { model: "simulator-slow-10", input: "count to 8", background: true };
      const begun = await client.create(params);
      expect(begun).toMatchObject({ id: expect.stringMatching(/^v1_/), status: "in_progress" });
      expect(client.produced(begun)).toEqual([]);
      const { ended, waited } = await poll(String(begun.id));
      expect(waited).toBeGreaterThan(0);
      expect(ended.status).toBe("completed");
      expect(textOf(client, ended)).toBe("1, 2, 3, 4, 5, 6, 7, 8");
    });

    test("an agent researches, is polled, and reports with citations", async () => {
      const { client } = stage;
      const agent_config = { type: "deep-research", thinking_summaries: "auto" };
      const begun = await client.create({ agent, input: "The history of rivers", background: true, agent_config });
      expect(begun).toMatchObject({ status: "in_progress", agent });
      const { ended, waited } = await poll(String(begun.id));
      expect(waited).toBeGreaterThan(1);
      expect(ended).toMatchObject({ status: "completed", agent });
      expect(textOf(client, ended)).toMatch(/rivers/i);
      const produced = client.produced(ended, 1);
      expect(ofType(produced, "google_search_call").length).toBeGreaterThan(1);
      expect(ofType(produced, "thought").some((thought) => thought.summary !== undefined)).toBe(true);
      expect(client.contents(produced).flatMap((content) => content.annotations ?? [])).not.toEqual([]);
    });

    test("a model goes on from what an agent reported", async () => {
      const { client } = stage;
      const begun = await client.create({ agent, input: "The history of rivers", background: true });
      const { ended } = await poll(String(begun.id));
      const previous_interaction_id = ended.id ?? null;
      const reply = await client.create({ model, input: "What did you say?", previous_interaction_id });
      expect(textOf(client, reply)).toContain("Report");
    });

    test("an agent's plan is a turn of its own when planning is collaborative", async () => {
      const { client } = stage;
      const agent_config = { type: "deep-research", collaborative_planning: true };
      const params = { agent, background: true, agent_config };
      const planned = await client.create({ ...params, input: "The history of rivers" });
      const plan = (await poll(String(planned.id))).ended;
      expect(textOf(client, plan)).toContain("plan");
      const going = await client.create({ ...params, input: "Go on.", previous_interaction_id: planned.id ?? null });
      const report = (await poll(String(going.id))).ended;
      expect(textOf(client, report)).toContain("Report");
    });

    test("a running interaction is cancelled: in its reply, in a get, and in the streams that follow it", async () => {
      const { client } = stage;
      const { id } = await client.create({ model: slow, input: "count to 50", background: true });
      const followed = client.replay(String(id));
      await wait(20);
      expect(await client.cancel(String(id))).toMatchObject({ id, status: "cancelled" });
      expect((await followed).at(-1)).toMatchObject({
        event_type: client.events.end,
        interaction: { id, status: "cancelled" },
      });
      expect(await client.get(String(id))).toMatchObject({ id, status: "cancelled" });
      expect(await client.cancel(String(id))).toMatchObject({ id, status: "cancelled" });
    });

    test("what has ended, or does not run in the background, cannot be cancelled", async () => {
      const { client } = stage;
      const { id } = await client.create({ model, input: "count to 3", background: true });
      await poll(String(id));
      await expect(client.cancel(String(id))).rejects.toMatchObject({ status: 400 });
      for await (const event of await client.open({ model: "simulator-slow-20", input: "count to 5" })) {
        if (event.event_type !== client.events.delta && event.event_type !== client.events.begin) continue;
        const running = String((event.interaction as JsonObject | undefined)?.id ?? "");
        if (running !== "") await expect(client.cancel(running)).rejects.toMatchObject({ status: 400 });
      }
    });

    test("a running parent cannot be continued yet", async () => {
      const { client } = stage;
      const parent = await client.create({ model: slow, input: "count to 50", background: true });
      const previous_interaction_id = parent.id ?? null;
      const early = client.create({ model, input: "And now?", previous_interaction_id });
      await expect(early).rejects.toMatchObject({ status: 400, message: expect.stringContaining("in progress") });
      await client.cancel(String(parent.id));
      const late = await client.create({ model, input: "say exactly: now", previous_interaction_id });
      expect(textOf(client, late)).toBe("now");
    });

    test("deleting a running interaction stops it and ends the streams that follow it", async () => {
      const { client } = stage;
      const { id } = await client.create({ model: slow, input: "count to 50", background: true });
      const followed = client.replay(String(id));
      await wait(20);
      await client.remove(String(id));
      expect((await followed).map((event) => outcomeOf([event]).status)).not.toContain("completed");
      await expect(client.get(String(id))).rejects.toMatchObject({ status: 404 });
    });

    test("a background stream whose reader left runs on, and is resumed where it was left", async () => {
      const { client } = stage;
      const seen: JsonObject[] = [];
      const params = { model: "simulator-slow-10", input: "count to 10", background: true };
      for await (const event of await client.open(params)) {
        seen.push(event);
        if (seen.length === 6) break;
      }
      const rest = await client.replay(idOf(seen), String(seen.at(-1)?.event_id));
      expect([...seen, ...rest]).toEqual(await client.replay(idOf(seen)));
      expect(rest.at(-1)).toMatchObject({ interaction: { status: "completed" } });
    });
  });
}
