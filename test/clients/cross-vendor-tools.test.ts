import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import { recordedEvents } from "../cases/gemini-provider.ts";
import { textOf } from "./answers.ts";
import { type HubStage, setHubStage } from "./upstream-stage.ts";
import { bothGenerations } from "./upstream-suite.ts";
import { type RunningVendor, vendors } from "./vendors.ts";

const { gemini, openaiChat, openaiResponses } = vendors;

/** Of the recording: what Google searched for, the beginning of what it said, and what it signed. */
const searched = "AI breakthroughs May 2026";
const said = "Here's a notable AI development";
const signed = "CiRlMjQ4MzBhNy01Y2Q2LTQyZmUtOTk4Yi1lZTUzOWU3MmI5YzM=";

describe.each(bothGenerations)("built-in tools in a chain of release %s that goes from vendor to vendor", (release) => {
  let running: RunningVendor[];
  let stage: HubStage;
  const answers: JsonObject[] = [];
  /** The request of each turn. */
  const heard: JsonObject[] = [];
  let stored: Interaction[];

  async function say(by: RunningVendor, model: string, input: string, tools: JsonObject[] = []): Promise<void> {
    const previous_interaction_id = answers.at(-1)?.id ?? null;
    answers.push(await stage.client.create({ model, input, tools, previous_interaction_id }));
    heard.push(by.asked().at(-1) ?? {});
  }

  beforeAll(async () => {
    const google = await gemini.start();
    const [chat, openai] = await Promise.all([openaiChat.start(), openaiResponses.start()]);
    running = [google, chat, openai];
    stage = await setHubStage(release, { upstreams: running.map(({ entry }) => entry) });
    // The recording without its beginning, which the fake tells itself.
    google.fake.manner.answer = ({ tools }) =>
      JSON.stringify(tools).includes("google_search") ? { say: recordedEvents("google-search").slice(2) } : undefined;
    await say(google, gemini.model, "What is new in AI?", [{ type: "google_search" }]);
    await say(openai, openaiResponses.model, "Use web_search and code_interpreter.", [
      { type: "google_search" },
      { type: "code_execution" },
    ]);
    await say(google, gemini.model, "Thank you.");
    await say(chat, openaiChat.model, "Hello.");
    await say(openai, openaiResponses.model, "Goodbye.");
    stored = await stage.stored(answers.map(({ id }) => String(id)));
  });
  afterAll(async () => {
    await stage.close();
    await Promise.all(running.map((vendor) => vendor.close()));
  });

  const degradedIn = (turn: number): string[] => (stored[turn]?.degraded ?? []).map(({ field }) => field);

  test("every turn is answered", () => {
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill("completed"));
    expect(stored[0]?.output.map((step) => ("tool" in step ? step.tool : step.type))).toEqual([
      "thought",
      "model_output",
      "google_search",
      "google_search",
    ]);
    expect(textOf(stage.client, answers[2] ?? {})).toContain("Thank you.");
  });

  test("OpenAI reads what Google has searched and found, and not what it signed", () => {
    const text = JSON.stringify(heard[1]?.input);
    expect(text).toContain(searched);
    expect(text).toContain(said);
    expect(text).not.toContain(signed);
    const { input } = heard[1] as { input: JsonObject[] };
    expect(new Set(input.map(({ type }) => type))).toEqual(new Set(["message"]));
    expect(degradedIn(1)).toEqual(expect.arrayContaining(["history[1]", "history[3]"]));
  });

  test("Google reads what OpenAI has searched and run, after its own id", () => {
    expect(heard[2]).toMatchObject({ previous_interaction_id: stored[0]?.upstream_id });
    const { input } = heard[2] as { input: JsonObject[] };
    expect(input.at(0)?.type).toBe("user_input");
    expect(input.at(-1)).toMatchObject({ content: [{ text: "Thank you." }] });
    expect(new Set(input.map(({ type }) => type))).toEqual(new Set(["user_input", "model_output"]));
    const text = JSON.stringify(input);
    expect(text).toContain("print(42)");
    expect(text).toMatch(/Google Search was asked.*Porto/);
    expect(text).not.toMatch(/encrypted|ws_|ci_|eyJ/);
    expect(degradedIn(2)).toHaveLength(5);
  });

  test("the chat server reads all of it", () => {
    const { messages } = heard[3] as { messages: JsonObject[] };
    expect(messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
      "user",
      "assistant",
      "user",
    ]);
    const text = JSON.stringify(messages);
    for (const part of [searched, said, "print(42)", "Thank you."]) expect(text).toContain(part);
    expect(text).not.toMatch(/encrypted|ws_|ci_|eyJ/);
    expect(text).not.toContain(signed);
  });

  test("OpenAI gets its own items back as it made them", () => {
    const { input } = heard[4] as { input: JsonObject[] };
    expect(input.filter(({ type }) => type !== "message")).toMatchObject([
      { type: "reasoning", encrypted_content: expect.stringMatching(openaiResponses.thought) },
      { type: "web_search_call", action: { query: "Porto" } },
      { type: "code_interpreter_call", code: "print(42)", outputs: [{ type: "logs", logs: "42" }] },
    ]);
  });
});
