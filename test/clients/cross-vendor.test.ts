import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Degradation } from "../../schema/core/degradation.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { JsonObject, JsonValue } from "../../schema/core/json.ts";
import { redDot } from "../cases/red-dot.ts";
import { ofType, textOf } from "./answers.ts";
import { resultFor } from "./suite-functions.ts";
import { type HubStage, setHubStage } from "./upstream-stage.ts";
import { bothGenerations, weather } from "./upstream-suite.ts";
import { type RunningVendor, vendors } from "./vendors.ts";

const { gemini, openaiChat, openaiResponses } = vendors;
const question = "My name is Ada. What is the weather in Porto? Use get_weather.";
const image = { type: "image", data: redDot, mime_type: "image/png" };
const imageUrl = `data:image/png;base64,${redDot}`;

describe.each(bothGenerations)("a chain of release %s that goes from vendor to vendor", (release) => {
  let google: RunningVendor;
  let chat: RunningVendor;
  let openai: RunningVendor;
  /** Further vendors of the same kinds, each with a model. */
  let rivals: [RunningVendor, string][];
  let stage: HubStage;
  /** Every interaction of the chain, as it was answered and as it is stored. */
  const answers: JsonObject[] = [];
  let stored: Interaction[];
  /** What each vendor was asked last in each turn in which it was asked. */
  const heard: JsonObject[] = [];

  async function say(by: RunningVendor, model: string, input: JsonValue, tools: JsonObject[] = []): Promise<void> {
    const previous_interaction_id = answers.at(-1)?.id ?? null;
    answers.push(await stage.client.create({ model, input, tools, previous_interaction_id }));
    heard.push(by.asked().at(-1) ?? {});
  }

  function callIn(turn: number): JsonObject {
    const [call = {}] = ofType(stage.client.produced(answers[turn] ?? {}), "function_call");
    return call;
  }

  beforeAll(async () => {
    [google, chat, openai] = await Promise.all([gemini.start(), openaiChat.start(), openaiResponses.start()]);
    rivals = [
      [await openaiChat.start(), "other-chat/fake-thinker"],
      [await openaiResponses.start(), "other-openai/fake-gpt"],
    ];
    const others = rivals.map(([{ entry }, model]) => ({ ...entry, name: model.split("/", 1).join() }));
    stage = await setHubStage(release, { upstreams: [google.entry, chat.entry, openai.entry, ...others] });
    await say(google, gemini.model, [{ type: "text", text: question }, image], [weather]);
    await say(chat, openaiChat.model, [resultFor(callIn(0), { sky: "cloudless" })], [weather]);
    await say(google, gemini.model, "Thank you.");
    await say(openai, openaiResponses.model, "Use get_weather once more.", [weather]);
    await say(google, gemini.model, [resultFor(callIn(3), { sky: "overcast" })]);
    await say(chat, openaiChat.model, "What is my name?");
    await say(openai, openaiResponses.model, "Goodbye.");
    stored = await stage.stored(answers.map(({ id }) => String(id)));
  });
  afterAll(async () => {
    await stage.close();
    const all = [google, chat, openai, ...rivals.map(([rival]) => rival)];
    await Promise.all(all.map((vendor) => vendor.close()));
  });

  test("every turn is answered by whom it was asked of, as one chain", () => {
    const { client } = stage;
    const ends = [
      "requires_action",
      "completed",
      "completed",
      "requires_action",
      "completed",
      "completed",
      "completed",
    ];
    expect(answers.map(({ status }) => status)).toEqual(ends);
    expect(stored.map(({ provider }) => provider)).toEqual([
      "google",
      "chat",
      "google",
      "openai",
      "google",
      "chat",
      "openai",
    ]);
    expect(new Set(stored.map(({ root_id }) => root_id))).toEqual(new Set([answers[0]?.id]));
    expect(textOf(client, answers[1] ?? {})).toBe('The function says: {"sky":"cloudless"}.');
    expect(textOf(client, answers[2] ?? {})).toContain("You said:");
    expect(textOf(client, answers[4] ?? {})).toBe('It says: {"sky":"overcast"}.');
    expect(textOf(client, answers[5] ?? {})).toBe("Your name is Ada.");
  });

  /** Words that only a vendor itself may hear again: its signatures, what is sealed in them, what it thought. */
  const secrets = {
    google: /ZmFrZS1zaWduYXR1cmUt/,
    chat: /The user wants/,
    openai: /encrypted-\d|Thinking about turn/,
  };
  const secretsIn = (bodies: readonly JsonObject[]): string[] =>
    Object.entries(secrets).flatMap(([name, secret]) => (secret.test(JSON.stringify(bodies)) ? [name] : []));

  test("what was signed by one vendor is told to no other, and to its maker again", () => {
    const makers = { google, chat, openai };
    const signatures = stored.flatMap(({ output }) =>
      output.flatMap((step) => ("signature" in step && step.signature?.value ? [step.signature] : [])),
    );
    expect(new Set(signatures.map(({ provider }) => provider))).toEqual(new Set(Object.keys(makers)));
    for (const [name, vendor] of Object.entries(makers)) {
      const all = JSON.stringify(vendor.asked());
      const foreign = signatures.filter(({ provider }) => provider !== name).map(({ value }) => value);
      expect(foreign.length).toBeGreaterThan(1);
      expect(foreign.filter((value) => all.includes(value))).toEqual([]);
    }
    expect(secretsIn(google.asked())).toEqual([]);
    expect(secretsIn(chat.asked())).toEqual(["chat"]);
    expect(secretsIn(openai.asked())).toEqual(["openai"]);
    // The other model's call has no reasoning that could be given back.
    expect(openaiChat.thoughtsIn(heard[5] ?? {}).filter(Boolean)).toEqual(["The user wants something."]);
    expect(openaiResponses.thoughtsIn(heard[6] ?? {})).toEqual([expect.stringMatching(openaiResponses.thought)]);
  });

  test("the chat server hears the question with its image, Google's call and the result", () => {
    const call = callIn(0);
    expect(heard[1]?.messages).toMatchObject([
      {
        role: "user",
        content: [
          { type: "text", text: question },
          { type: "image_url", image_url: { url: imageUrl } },
        ],
      },
      {
        role: "assistant",
        tool_calls: [{ function: { name: "get_weather", arguments: JSON.stringify(call.arguments) } }],
      },
      { role: "tool", content: '{"sky":"cloudless"}' },
    ]);
  });

  test("Google goes on by its own id, and hears only what came after that", () => {
    const [first, , third] = stored;
    expect([first?.upstream_id, third?.upstream_id]).toEqual(["v1_fake-1", "v1_fake-2"]);
    expect(heard[2]).toMatchObject({ previous_interaction_id: first?.upstream_id });
    expect(heard[2]?.input).toEqual([
      { type: "function_result", call_id: callIn(0).id, name: "get_weather", result: { sky: "cloudless" } },
      { type: "model_output", content: [{ type: "text", text: 'The function says: {"sky":"cloudless"}.' }] },
      { type: "user_input", content: [{ type: "text", text: "Thank you." }] },
    ]);
    expect(heard[4]).toMatchObject({ previous_interaction_id: third?.upstream_id });
    expect(heard[4]?.input).toEqual([
      { type: "user_input", content: [{ type: "text", text: "Use get_weather once more." }] },
      { type: "thought", signature: "skip_thought_signature_validator" },
      { type: "function_call", id: callIn(3).id, name: "get_weather", arguments: { city: "Porto" } },
      { type: "function_result", call_id: callIn(3).id, name: "get_weather", result: { sky: "overcast" } },
    ]);
  });

  test("OpenAI hears all of it: texts, the image, and both calls with their results", () => {
    const items = heard[6]?.input as JsonObject[];
    expect(openaiResponses.imagesIn(heard[6] ?? {})).toEqual([imageUrl]);
    const kinds = items.map(({ type, role }) => (type === "message" ? role : type));
    expect(kinds).toEqual([
      ...["user", "function_call", "function_call_output", "assistant"],
      ...["user", "assistant"],
      ...["user", "reasoning", "function_call", "function_call_output", "assistant"],
      ...["user", "assistant", "user"],
    ]);
    const text = JSON.stringify(items);
    for (const said of [question, "Thank you.", "It says:", "Your name is Ada.", "Goodbye."])
      expect(text).toContain(said);
    const outputs = items.flatMap(({ output }) => (output === undefined ? [] : [output]));
    expect(outputs).toEqual(['{"sky":"cloudless"}', '{"sky":"overcast"}']);
  });

  test("what each vendor could not be given is written down with its interaction", () => {
    const fields = stored.map(({ degraded = [] }) => degraded.map(({ field }) => field));
    expect(fields).toEqual([
      [],
      ["history[1]"],
      ["history[4]"],
      ["history[1]", "history[4]", "history[7]"],
      ["history[10]"],
      ["history[1]"],
      ["history[1]", "history[4]", "history[7]", "history[13]", "history[16]"],
    ]);
    const messages = (turn: number): string[] =>
      (stored[turn]?.degraded ?? []).map(({ message }: Degradation) => message);
    expect(messages(2)).toEqual([expect.stringMatching(/'google'.*thoughts of another model/)]);
    expect(messages(5)).toEqual([expect.stringMatching(/4 thoughts of another upstream.*'chat'/)]);
    for (const message of [...messages(3), ...messages(6)]) expect(message).toContain("'openai'");
  });

  test("who keeps the conversation himself may go from vendor to vendor too, with all that was signed", async () => {
    const { client } = stage;
    const produced = (turn: number) => client.replayModel(client.produced(answers[turn] ?? {}));
    const input = [
      ...client.replayUser(question),
      ...produced(0),
      ...client.replayResults([resultFor(callIn(0), { sky: "cloudless" })]),
      ...produced(1),
      ...client.replayUser("Use get_weather once more."),
      ...produced(3),
      ...client.replayResults([resultFor(callIn(3), { sky: "overcast" })]),
      ...produced(4),
      ...client.replayUser("Goodbye."),
    ];
    const tell = async (vendor: RunningVendor, model: string): Promise<string[]> => {
      const requests = vendor.asked().length;
      expect(await client.create({ model, input, store: false })).toMatchObject({ status: "completed" });
      return secretsIn(vendor.asked().slice(requests));
    };
    expect(await tell(google, gemini.model)).toEqual(["google"]);
    expect(await tell(chat, openaiChat.model)).toEqual(["chat"]);
    expect(await tell(openai, openaiResponses.model)).toEqual(["openai"]);
    // Others of the same kinds would understand what it is, but it is not theirs.
    for (const [rival, model] of rivals) expect(await tell(rival, model)).toEqual([]);
  });
});
