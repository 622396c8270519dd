import { describe, expect, test } from "vitest";
import { textOf } from "./answers.ts";
import type { Stage } from "./suite.ts";

const model = "gemini-3.8-flash";

/** Answers, chains, forks, and what is kept of them. */
export function conversationSuite(stage: Stage): void {
  const text = (resource: Parameters<typeof textOf>[1]) => textOf(stage.client, resource);

  describe("conversations", () => {
    test("an interaction is answered, counted and dated", async () => {
      const reply = await stage.client.create({ model, input: "say exactly: all is well" });
      expect(reply).toMatchObject({ status: "completed", model, object: "interaction", service_tier: "standard" });
      expect(reply.id).toMatch(/^v1_[\w-]{60,80}$/);
      expect(text(reply)).toBe("all is well");
      expect(reply.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(reply.usage).toMatchObject({ total_input_tokens: expect.any(Number) });
      const usage = reply.usage as Record<string, number>;
      expect(usage.total_tokens).toBe(
        (usage.total_input_tokens ?? 0) + (usage.total_output_tokens ?? 0) + (usage.total_thought_tokens ?? 0),
      );
    });

    stage.testOf("output_text", "the client puts the text together by itself", async () => {
      const reply = await stage.client.create({ model, input: "say exactly: all is well" });
      expect(reply.output_text).toBe("all is well");
      expect((await stage.client.get(String(reply.id))).output_text).toBe("all is well");
    });

    test("a chain remembers what was said before", async () => {
      const first = await stage.client.create({ model, input: "My name is Ada." });
      const second = await stage.client.create({
        model,
        input: "My favourite colour is teal.",
        previous_interaction_id: first.id ?? null,
      });
      expect(second.previous_interaction_id).toBe(first.id);
      const previous_interaction_id = second.id ?? null;
      const third = await stage.client.create({ model, input: "What is my name?", previous_interaction_id });
      expect(text(third)).toContain("Ada");
      const stranger = await stage.client.create({ model, input: "What is my name?" });
      expect(text(stranger)).not.toContain("Ada");
    });

    test("a chain forks at any of its interactions, and the branches know nothing of each other", async () => {
      const root = await stage.client.create({ model, input: "My name is Ada." });
      const say = (input: string, parent: typeof root) =>
        stage.client.create({ model, input, previous_interaction_id: parent.id ?? null });
      const [teal, red] = await Promise.all([
        say("My favourite colour is teal.", root),
        say("My favourite colour is red.", root),
      ]);
      const question = "What is my favourite colour?";
      const [ofTeal, ofRed, ofRoot] = await Promise.all([say(question, teal), say(question, red), say(question, root)]);
      expect(text(ofTeal)).toContain("teal");
      expect(text(ofRed)).toContain("red");
      expect(text(ofRoot)).not.toMatch(/teal|red\b/);
      expect(text(await say("What is my name?", red))).toContain("Ada");
    });

    test("a system instruction holds for one interaction and is not inherited", async () => {
      const input = "What is your name?";
      const told = await stage.client.create({ model, input, system_instruction: "Your name is Marvin." });
      expect(text(told)).toContain("Marvin");
      const previous_interaction_id = told.id ?? null;
      expect(text(await stage.client.create({ model, input, previous_interaction_id }))).not.toContain("Marvin");
    });

    test("what is stored reads back as it was answered", async () => {
      const reply = await stage.client.create({ model, input: "count to 5" });
      const read = await stage.client.get(String(reply.id));
      expect(stage.client.produced(read, 1)).toEqual(stage.client.produced(reply));
      expect(read).toMatchObject({ id: reply.id, status: "completed", usage: { total_tokens: expect.any(Number) } });
      expect(read.updated).toBe(reply.updated);
    });

    stage.testOf("include_input", "what was asked comes with a get that wants it, and only then", async () => {
      const { id } = await stage.client.create({ model, input: "count to 5" });
      expect((await stage.client.get(String(id))).input).toBeUndefined();
      const read = await stage.client.get(String(id), { include_input: true });
      expect(read.input).toEqual([{ role: "user", content: [{ type: "text", text: "count to 5" }] }]);
    });

    test("what is not stored has no id, and nothing can be built on it", async () => {
      const reply = await stage.client.create({ model, input: "My name is Ada.", store: false });
      expect(reply.id ?? "").toBe("");
      expect(text(reply)).toContain("Ada");
      const events = await stage.client.stream({ model, input: "count to 3", store: false });
      expect(events[0]).toMatchObject({ interaction: { id: "" } });
      expect(events.at(-1)).toMatchObject({ interaction: { id: "", status: "completed" } });
    });

    test("a stored chain can be read by what is itself not stored", async () => {
      const { client } = stage;
      const first = await client.create({ model, input: "My name is Ada." });
      const previous_interaction_id = first.id ?? null;
      const params = { model, input: "What is my name?", previous_interaction_id, store: false };
      const reply = await client.create(params);
      expect(reply.id ?? "").toBe("");
      expect(text(reply)).toContain("Ada");
    });

    test("the conversation can be replayed by the client instead of being stored", async () => {
      const { client } = stage;
      const first = await client.create({ model, input: "My name is Ada.", store: false });
      const input = [
        ...client.replayUser("My name is Ada."),
        ...client.replayModel(client.produced(first)),
        ...client.replayUser("What is my name?"),
      ];
      expect(text(await client.create({ model, input, store: false }))).toContain("Ada");
    });

    stage.testOf(
      "automatic continuation",
      "the client's automatic continuation finds nothing to continue",
      async () => {
        const { client, tap } = stage;
        const reply = await client.create({ model, input: "say exactly: whole", automatic_continuation: true });
        expect(text(reply)).toBe("whole");
        expect(reply.continuation_ids).toEqual([reply.id]);
        const events = await client.stream({ model, input: "count to 3", automatic_continuation: true });
        expect(events.filter((event) => event.event_type === client.events.end)).toHaveLength(1);
        await client.create({ model, input: "count to 3", automatic_continuation: false });
        expect(tap.exchanges).toHaveLength(3);
      },
    );

    test("a deleted interaction is gone; what was built on it stays readable and cannot be continued", async () => {
      const { client } = stage;
      const parent = await client.create({ model, input: "My name is Ada." });
      const previous_interaction_id = parent.id ?? null;
      const child = await client.create({ model, input: "What is my name?", previous_interaction_id });
      await client.remove(String(parent.id));
      await expect(client.get(String(parent.id))).rejects.toMatchObject({ status: 404 });
      await expect(client.remove(String(parent.id))).rejects.toMatchObject({ status: 404 });
      expect(text(await client.get(String(child.id)))).toContain("Ada");
      const next = client.create({ model, input: "And now?", previous_interaction_id: child.id ?? null });
      await expect(next).rejects.toMatchObject({ status: 400 });
    });
  });
}
