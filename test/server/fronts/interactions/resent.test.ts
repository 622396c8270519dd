import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { create, revisionHeader, send } from "../../../cases/http-client.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.close());

const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const weather = { type: "function", name: "get_weather", description: "Get the current weather in a city", parameters };
const user = (text: string) => ({ type: "user_input", content: [{ type: "text", text }] });

const requests: [string, JsonObject][] = [
  ["text", { model: "simulator", input: "Hello" }],
  ["a function call", { model: "simulator", input: "What is the weather in Paris?", tools: [weather] }],
  [
    "thoughts and a search",
    {
      model: "simulator",
      input: "Search for the newest telescope.",
      tools: [{ type: "google_search" }],
      generation_config: { thinking_level: "high", thinking_summaries: "auto" },
    },
  ],
  ["an image", { model: "gemini-2.5-flash-image", input: "Draw a red circle." }],
];

async function read(id: unknown): Promise<JsonObject> {
  return (await send(`${hub.url}/v1beta/interactions/${String(id)}`, "GET", undefined, revisionHeader.steps)).body;
}

/** Results for the function calls among steps. */
function resultsFor(steps: readonly JsonObject[]): JsonObject[] {
  return steps
    .filter(({ type }) => type === "function_call")
    .map(({ id, name }) => ({ type: "function_result", call_id: id ?? "", name: name ?? "", result: "sunny" }));
}

describe("a client that sends the whole history next to a previous id", () => {
  test.each(requests)("adds to the chain only what is new, after %s", async (_name, request) => {
    const { body: parent } = await create(hub.url, request);
    const steps = (await read(parent.id)).steps as JsonObject[];
    const fresh = [...resultsFor(steps), user("And now?")];
    const follow = { model: "simulator", input: [...steps, ...fresh], previous_interaction_id: String(parent.id) };
    const { status, body } = await create(hub.url, follow);
    expect(status).toBe(200);
    const child = (await read(body.id)).steps as JsonObject[];
    expect(child.slice(0, fresh.length)).toEqual(fresh);
    expect(child.length).toBe(fresh.length + (body.steps as unknown[]).length);
  });

  test("adds only what is new in turns of the legacy revision", async () => {
    const headers = revisionHeader.legacy;
    const { body: parent } = await create(hub.url, { model: "simulator", input: "Hello" }, headers);
    const input = [
      { role: "user", content: "Hello" },
      { role: "model", content: parent.outputs ?? [] },
      { role: "user", content: "And now?" },
    ];
    const previous_interaction_id = String(parent.id);
    const { body } = await create(hub.url, { model: "simulator", input, previous_interaction_id }, headers);
    const child = (await read(body.id)).steps as JsonObject[];
    expect(child[0]).toEqual(user("And now?"));
    expect(child.slice(1).map(({ type }) => type)).not.toContain("user_input");
    expect(child.length).toBe(1 + (body.outputs as unknown[]).length);
  });
});
