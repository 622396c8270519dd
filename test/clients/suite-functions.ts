import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { idOf, ofType, saidIn, textOf } from "./answers.ts";
import type { Stage } from "./suite.ts";

const model = "gemini-3.8-flash";
const question = "What is the weather in Paris?";

/** A function that the application runs. */
export const weather = {
  type: "function",
  name: "get_weather",
  description: "The weather at a place",
  parameters: { type: "object", properties: { location: { type: "string" } }, required: ["location"] },
};

/** The result that the application sends for a call. */
export function resultFor(call: JsonObject | undefined, result: JsonObject[string]): JsonObject {
  return { type: "function_result", call_id: call?.id ?? null, name: call?.name ?? null, result: result ?? null };
}

/** Functions that the application runs for the model. */
export function functionSuite(stage: Stage): void {
  describe("functions", () => {
    test("a call is answered in a new interaction of the chain", async () => {
      const { client } = stage;
      const asked = await client.create({ model, input: question, tools: [weather] });
      expect(asked.status).toBe("requires_action");
      const [call, ...others] = ofType(client.produced(asked), "function_call");
      expect(others).toEqual([]);
      expect(call).toMatchObject({ name: "get_weather", arguments: { location: "Paris" } });
      const answered = await client.create({
        model,
        tools: [weather],
        previous_interaction_id: asked.id ?? null,
        input: [resultFor(call, [{ type: "text", text: '{"sky":"cloudless"}' }])],
      });
      expect(answered.status).toBe("completed");
      expect(textOf(client, answered)).toMatch(/Paris.*cloudless/);
    });

    test("the tools need not be sent again, and a result may be a text, an object, or an error", async () => {
      const { client } = stage;
      const asked = await client.create({ model, input: question, tools: [weather] });
      const [call] = ofType(client.produced(asked), "function_call");
      const answer = async (result: JsonObject) =>
        textOf(client, await client.create({ model, input: [result], previous_interaction_id: asked.id ?? null }));
      expect(await answer(resultFor(call, "cloudless"))).toContain("cloudless");
      expect(await answer(resultFor(call, { sky: "cloudless" }))).toContain("cloudless");
      expect(await answer({ ...resultFor(call, "no such place"), is_error: true })).toContain("failed: no such place");
    });

    test("a round trip needs no stored chain", async () => {
      const { client } = stage;
      const asked = await client.create({ model, input: question, tools: [weather], store: false });
      const [call] = ofType(client.produced(asked), "function_call");
      const input = [
        ...client.replayUser(question),
        ...client.replayModel(client.produced(asked)),
        ...client.replayResults([resultFor(call, "cloudless")]),
      ];
      const answered = await client.create({ model, input, tools: [weather], store: false });
      expect(answered.status).toBe("completed");
      expect(textOf(client, answered)).toMatch(/Paris.*cloudless/);
    });

    test("parallel calls are answered together, in any order", async () => {
      const { client } = stage;
      const input = "What is the weather in Paris, Rome and Oslo?";
      const asked = await client.create({ model, input, tools: [weather] });
      const calls = ofType(client.produced(asked), "function_call");
      expect(calls.map((call) => (call.arguments as JsonObject).location).sort()).toEqual(["Oslo", "Paris", "Rome"]);
      expect(new Set(calls.map((call) => call.id)).size).toBe(3);
      const results = calls.map((call) => resultFor(call, `fine in ${(call.arguments as JsonObject).location}`));
      const answered = await client.create({
        model,
        input: results.reverse(),
        previous_interaction_id: asked.id ?? null,
      });
      expect(textOf(client, answered)).toMatch(/fine in Oslo/);
      expect(textOf(client, answered)).toMatch(/fine in Rome/);
    });

    test("a streamed call has the same arguments as the stored one, and the stream ends with requires_action", async () => {
      const { client } = stage;
      const events = await client.stream({ model, input: question, tools: [weather] });
      expect(events.at(-1)).toMatchObject({
        event_type: client.events.end,
        interaction: { status: "requires_action" },
      });
      const [call] = ofType(client.fold(events), "function_call");
      expect(call).toMatchObject({ name: "get_weather", arguments: { location: "Paris" } });
      const read = await client.get(idOf(events));
      expect(ofType(client.produced(read), "function_call")).toEqual([call]);
    });

    test("the answer to a result streams", async () => {
      const { client } = stage;
      const asked = await client.create({ model, input: question, tools: [weather] });
      const [call] = ofType(client.produced(asked), "function_call");
      const input = [resultFor(call, "cloudless")];
      const events = await client.stream({ model, input, previous_interaction_id: asked.id ?? null });
      expect(saidIn(client, client.fold(events))).toContain("cloudless");
    });

    test("tool_choice forbids calls, demands them, or names the function", async () => {
      const { client } = stage;
      const clock = { type: "function", name: "get_time", parameters: { type: "object", properties: {} } };
      const calls = async (input: string, tool_choice: JsonObject | string) => {
        const generation_config = { tool_choice };
        const reply = await client.create({ model, input, tools: [weather, clock], generation_config });
        return ofType(client.produced(reply), "function_call").map((call) => call.name);
      };
      expect(await calls(question, "none")).toEqual([]);
      expect(await calls("Hello.", "any")).toHaveLength(1);
      expect(await calls("Hello.", { allowed_tools: { mode: "any", tools: ["get_time"] } })).toEqual(["get_time"]);
    });

    test("what a chain holds already may be sent again and is not said twice", async () => {
      const { client } = stage;
      const asked = await client.create({ model, input: question, tools: [weather] });
      const [call] = ofType(client.produced(asked), "function_call");
      const again = [
        ...client.replayUser(question),
        ...client.replayModel(client.produced(asked)),
        ...client.replayResults([resultFor(call, "cloudless")]),
      ];
      const answered = await client.create({ model, input: again, previous_interaction_id: asked.id ?? null });
      const once = await client.create({
        model,
        input: [resultFor(call, "cloudless")],
        previous_interaction_id: asked.id ?? null,
      });
      expect(answered.usage).toEqual(once.usage);
      expect(textOf(client, answered)).toBe(textOf(client, once));
    });

    test("a result for a call that nobody made is refused", async () => {
      const { client } = stage;
      const first = await client.create({ model, input: "count to 3" });
      const input = [resultFor({ id: "nobody", name: "get_weather" }, "cloudless")];
      const refused = client.create({ model, input, previous_interaction_id: first.id ?? null });
      await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining("nobody") });
    });
  });
}
