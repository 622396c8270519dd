import { GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { type FakeChatServer, fakeChatModels, startFakeChatServer } from "../../../cases/fake-openai-chat.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";
import { until } from "../../../cases/until.ts";

let vendor: FakeChatServer;
let hub: RunningHub;
let client: GoogleGenAI["interactions"];
let models: GoogleGenAI["models"];

beforeAll(async () => {
  vendor = await startFakeChatServer();
  const times = { idle_timeout: "300ms", first_event_timeout: "2s" };
  const upstream = { name: "chat", kind: "openai-chat", base_url: vendor.url, retries: 1, ...times };
  hub = await startTestHub({ upstreams: [upstream] });
  const google = new GoogleGenAI({ apiKey: "local", httpOptions: { baseUrl: hub.url } });
  client = google.interactions;
  models = google.models;
});
afterAll(async () => {
  await hub.close();
  await vendor.close();
});
beforeEach(() => {
  vendor.faults.length = 0;
});

const weather = {
  type: "function" as const,
  name: "get_weather",
  description: "Tells the weather of a city.",
  parameters: { type: "OBJECT", properties: { city: { type: "STRING" } }, required: ["city"] },
};

type Resource = { id: string; status: string; steps?: JsonObject[]; usage?: JsonObject; errors?: JsonObject[] };

/** Asks once: the client would ask again by itself. */
async function create(params: object): Promise<Resource> {
  const once = { maxRetries: 0 };
  return (await client.create({ model: "fake-plain", ...params } as never, once)) as unknown as Resource;
}

async function streamed(params: object): Promise<JsonObject[]> {
  const stream = await client.create({ model: "fake-plain", ...params, stream: true } as never);
  return Array.fromAsync(stream as unknown as AsyncIterable<JsonObject>);
}

const kindsOf = ({ steps = [] }: Resource): unknown[] => steps.map(({ type }) => type);
const wordsOf = ({ steps = [] }: Resource): string =>
  steps
    .filter(({ type }) => type === "model_output")
    .flatMap(({ content }) => content as JsonObject[])
    .map(({ text }) => text)
    .join("");
const callsIn = ({ steps = [] }: Resource): JsonObject[] => steps.filter(({ type }) => type === "function_call");
const resultOf = (call: JsonObject, result: unknown): object => ({
  type: "function_result",
  call_id: call.id,
  name: call.name,
  result,
});

describe.each(fakeChatModels)("an unmodified Google application on a chat server's %s", (model) => {
  it("calls two functions side by side and goes on with their results", async () => {
    const asked = await create({ model, input: "What is the weather in Porto and Vienna?", tools: [weather] });
    expect(asked.status).toBe("requires_action");
    expect(callsIn(asked).map(({ arguments: args }) => args)).toEqual([{ city: "Porto" }, { city: "Vienna" }]);
    const results = callsIn(asked)
      .map((call, index) => resultOf(call, { temperature: 20 + index }))
      .reverse();
    const answered = await create({ model, previous_interaction_id: asked.id, input: results, tools: [weather] });
    expect(answered.status).toBe("completed");
    expect(wordsOf(answered)).toBe('The function says: {"temperature":20} and {"temperature":21}.');
    expect(answered.usage).toMatchObject({ total_cached_tokens: 3 });
    const later = await create({ model, previous_interaction_id: answered.id, input: "Thanks" });
    expect(wordsOf(later)).toBe("You said: Thanks");
  });

  it("streams the same", async () => {
    const events = await streamed({ model, input: "What is the weather in Porto?", tools: [weather] });
    const pieces = events.flatMap(({ delta }) =>
      (delta as JsonObject | undefined)?.type === "arguments_delta" ? [(delta as JsonObject).arguments] : [],
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(JSON.parse(pieces.join(""))).toEqual({ city: "Porto" });
    expect(events.at(-1)).toMatchObject({
      event_type: "interaction.completed",
      interaction: { status: "requires_action" },
    });
  });

  it("keeps the state itself", async () => {
    const question = { type: "user_input", content: [{ type: "text", text: "What is the weather in Porto?" }] };
    const asked = await create({ model, store: false, input: [question], tools: [weather] });
    const [call = {}] = callsIn(asked);
    const input = [
      question,
      ...(asked.steps ?? []).filter(({ type }) => type !== "user_input"),
      resultOf(call, "sunny"),
    ];
    const answered = await create({ model, store: false, input, tools: [weather] });
    expect(wordsOf(answered)).toBe("The function says: sunny.");
  });

  it("goes on without the result of a call", async () => {
    const asked = await create({ model, input: "What is the weather in Porto?", tools: [weather] });
    const answered = await create({ model, previous_interaction_id: asked.id, input: "My name is Ada" });
    expect(wordsOf(answered)).toBe("You said: My name is Ada");
    const named = await create({ model, previous_interaction_id: answered.id, input: "What is my name?" });
    expect(wordsOf(named)).toBe("Your name is Ada.");
  });
});

describe("an unmodified Google application on a chat server", () => {
  it("finds its models", async () => {
    const listed = await Array.fromAsync(await models.list());
    const names = listed.map(({ name }) => name?.replace(/^models\//, "").replace(/^chat\//, ""));
    expect(names).toEqual(expect.arrayContaining([...fakeChatModels]));
  });

  it("sees what a thinking model thought, unless it does not want to", async () => {
    const shown = await create({ model: "fake-thinker", input: "Hello" });
    expect(kindsOf(shown).filter((kind) => kind !== "user_input")).toEqual(["thought", "model_output"]);
    expect(JSON.stringify(shown.steps)).toContain("The user wants something.");
    const hidden = await create({
      model: "fake-thinker",
      input: "What is the weather in Porto?",
      tools: [weather],
      generation_config: { thinking_summaries: "none" },
    });
    expect(JSON.stringify(hidden.steps)).not.toContain("The user wants");
    const input = callsIn(hidden).map((call) => resultOf(call, "sunny"));
    await create({ model: "fake-thinker", previous_interaction_id: hidden.id, input, tools: [weather] });
    expect(vendor.requests.at(-1)?.body).toContain("The user wants something.");
  });

  it("is refused what the server cannot do, before anything is sent", async () => {
    const sent = vendor.requests.length;
    await expect(create({ input: "Hello", tools: [{ type: "google_maps" }] })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("'chat'"),
    });
    expect(vendor.requests).toHaveLength(sent);
  });

  it("is answered after a refusal that passes", async () => {
    vendor.faults.push("rate limit");
    expect(wordsOf(await create({ input: "Hello" }))).toBe("You said: Hello");
    vendor.faults.push("rate limit", "rate limit");
    await expect(create({ input: "Hello" })).rejects.toMatchObject({ status: 429 });
  });

  it.each(["cut", "hang amid"] as const)("gets what there is of an answer that fails: %s", async (fault) => {
    vendor.faults.push(fault);
    const begun = await create({ input: "one two three four five six", background: true });
    await until(async () => ((await client.get(begun.id)) as unknown as Resource).status !== "in_progress");
    const ended = (await client.get(begun.id)) as unknown as Resource;
    expect(ended.status).toBe("failed");
    expect("You said: one two three four five six".startsWith(wordsOf(ended))).toBe(true);
    expect(wordsOf(ended)).not.toBe("");
    await until(() => vendor.requests.at(-1)?.leftByClient() === true || fault === "cut");
  });

  it("runs in the background, and can be followed again from where a reader was cut", async () => {
    const begun = await create({ input: "one two three four five six", background: true });
    await until(async () => ((await client.get(begun.id)) as unknown as Resource).status === "completed");
    const follow = async (last_event_id?: string): Promise<JsonObject[]> =>
      Array.fromAsync(
        (await client.get(begun.id, { stream: true, last_event_id } as never)) as unknown as AsyncIterable<JsonObject>,
      );
    const whole = await follow();
    const middle = whole[Math.floor(whole.length / 2)];
    const rest = await follow(String(middle?.event_id));
    expect(rest).toEqual(whole.slice(whole.length - rest.length));
    expect(rest.length).toBe(whole.length - Math.floor(whole.length / 2) - 1);
  });

  it("lets go of the server when it cancels", async () => {
    vendor.faults.push("hang");
    const begun = await create({ input: "Hello", background: true });
    const sent = vendor.requests.length;
    await until(() => vendor.requests.length >= sent && vendor.requests.at(-1)?.method === "POST");
    const cancelled = (await client.cancel(begun.id)) as unknown as Resource;
    expect(cancelled.status).toBe("cancelled");
    await until(() => vendor.requests.at(-1)?.leftByClient() === true);
  });
});
