import { GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { type FakeVendor, startFakeVendor } from "../../../cases/fake-openai-responses.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";
import { until } from "../../../cases/until.ts";

let vendor: FakeVendor;
let hub: RunningHub;
let client: GoogleGenAI["interactions"];

beforeAll(async () => {
  vendor = await startFakeVendor();
  const times = { idle_timeout: "300ms", first_event_timeout: "5s" };
  const base_url = `${vendor.url}/v1`;
  const upstream = { name: "vendor", kind: "openai-responses", key: "test-key", base_url, models: ["m"], ...times };
  hub = await startTestHub({ upstreams: [{ ...upstream, retries: 0 }] });
  client = new GoogleGenAI({ apiKey: "local", httpOptions: { baseUrl: hub.url } }).interactions;
});
afterAll(async () => {
  await hub.close();
  await vendor.close();
});
beforeEach(() => {
  vendor.faults.length = 0;
});

type Resource = { id: string; status: string; steps?: JsonObject[]; errors?: JsonObject[] };

const tools = [
  { type: "function", name: "get_weather", parameters: { type: "OBJECT", properties: { city: { type: "STRING" } } } },
  { type: "google_search" },
];

/** Asks once: the client would ask again by itself. */
async function create(params: object): Promise<Resource> {
  return (await client.create({ model: "m", tools, ...params } as never, { maxRetries: 0 })) as unknown as Resource;
}

const typesOf = ({ steps = [] }: Resource): unknown[] => steps.map(({ type }) => type);
const resultFor = ({ steps = [] }: Resource, result: unknown): object[] =>
  steps
    .filter(({ type }) => type === "function_call")
    .map(({ id }) => ({ type: "function_result", call_id: id, result }));

describe("an unmodified Google application on a vendor that speaks the Responses API", () => {
  it("calls a function and goes on with its result, and the vendor gets its thoughts back", async () => {
    const asked = await create({ input: "Use get_weather." });
    expect(asked.status).toBe("requires_action");
    expect(typesOf(asked)).toEqual(["thought", "function_call"]);
    const answered = await create({ previous_interaction_id: asked.id, input: resultFor(asked, "Sunny") });
    expect(answered).toMatchObject({ status: "completed" });
    expect(answered.steps?.at(-1)).toMatchObject({ content: [{ text: "I was told: Sunny" }] });
    expect(await create({ previous_interaction_id: answered.id, input: "Thanks" })).toMatchObject({
      status: "completed",
    });
    expect(vendor.requests.at(-1)?.body.match(/"encrypted_content":"encrypted-\d+"/g)).toHaveLength(2);
  });

  it("may keep the history itself", async () => {
    const said = { type: "user_input", content: [{ type: "text", text: "Use web_search." }] };
    const { steps = [] } = await create({ store: false, input: [said] });
    expect(steps.map(({ type }) => type)).toEqual([
      "thought",
      "google_search_call",
      "google_search_result",
      "model_output",
    ]);
    const next = { type: "user_input", content: [{ type: "text", text: "And then?" }] };
    expect(await create({ store: false, input: [said, ...steps, next] })).toMatchObject({ status: "completed" });
    const types = ["message", "reasoning", "web_search_call", "message", "message"];
    expect(vendor.requests.at(-1)?.json).toMatchObject({ input: types.map((type) => ({ type })) });
  });

  it("hears an answer as it comes", async () => {
    const stream = await client.create({ model: "m", tools, input: "Use web_search.", stream: true } as never);
    const events = await Array.fromAsync(stream as unknown as AsyncIterable<JsonObject>);
    const starts = events.flatMap(({ event_type, step }) => (event_type === "step.start" ? [step as JsonObject] : []));
    expect(starts.map(({ type }) => type)).toEqual([
      "thought",
      "google_search_call",
      "google_search_result",
      "model_output",
    ]);
    const deltas = events.flatMap(({ delta }) => (delta === undefined ? [] : [delta as JsonObject]));
    expect(deltas.find(({ type }) => type === "google_search_call")).toMatchObject({
      arguments: { queries: ["Porto"] },
    });
    expect(deltas.filter(({ type }) => type === "text").length).toBeGreaterThan(1);
  });

  it("is told that an answer was cut, with what there was of it", async () => {
    vendor.faults.push("cut");
    const { id } = await create({ input: "Use web_search.", background: true });
    const read = async (): Promise<Resource> => (await client.get(id)) as unknown as Resource;
    await until(async () => (await read()).status !== "in_progress");
    const ended = await read();
    expect(ended.status).toBe("failed");
    expect(typesOf(ended)).toContain("thought");
  });

  it("lets go of the vendor at once when a run is cancelled", async () => {
    vendor.faults.push("hang");
    const before = vendor.requests.length;
    const { id } = await create({ input: "Hello", background: true });
    await until(() => vendor.requests.length > before);
    await client.cancel(id);
    const request = vendor.requests.at(-1);
    await request?.closed;
    expect(request?.leftByClient()).toBe(true);
  });
});
