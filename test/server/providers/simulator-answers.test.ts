import { describe, expect, it } from "vitest";
import type { Settings } from "../../../schema/core/settings.ts";
import type { Step } from "../../../schema/core/step.ts";
import { callOf, eventsOf, foldOf, saying } from "../../cases/provider.ts";
import { outputOf, quick, textIn, textOf } from "../../cases/quick-simulator.ts";

const earlier: Step[] = [
  saying("Hi, my name is Ada."),
  { type: "model_output", content: [{ type: "text", text: "Nice to meet you." }] },
  saying("My favourite colour is teal, and remember the number 42."),
  { type: "model_output", content: [{ type: "text", text: "Noted." }] },
];

describe("the simulator's answers", () => {
  it("are the same for the same input, and change with the seed, the temperature and the penalties", async () => {
    const ask = (settings: Settings) => eventsOf(quick, callOf("simulator", "Write 60 words about tea", settings));
    expect(await ask({})).toEqual(await ask({}));
    const answers = await Promise.all(
      [{}, { seed: 1 }, { seed: 2 }, { temperature: 1.5 }, { presence_penalty: 1 }, { frequency_penalty: 1 }].map(
        (config) => ask({ generation_config: config }),
      ),
    );
    expect(new Set(answers.map((events) => textIn(foldOf(events).output))).size).toBe(6);
  });

  it.each([
    ["What is my name?", "Ada"],
    ["What's my favorite color?", "teal"],
    ["Which number did I ask you to remember?", "42"],
    ["What did I say first?", "my name is Ada"],
    ["What did I say before?", "remember the number 42"],
    ["What did you say?", "Noted."],
    ["What is my age?", "not told me your age"],
  ])("recall what was said earlier: %s", async (question, expected) => {
    expect(await textOf(question, {}, earlier)).toContain(expected);
    expect(await textOf("Unrelated words", {}, earlier)).not.toContain(expected);
  });

  it("take the newest of several statements", async () => {
    expect(
      await textOf("What is my name?", {}, [...earlier, saying("Actually, my name is Bob."), ...earlier.slice(1, 2)]),
    ).toContain("Bob");
  });

  it("do not take a question for a statement", async () => {
    const history = [saying("Do you know what my name is today?"), ...earlier.slice(1, 2)];
    expect(await textOf("What is my name?", {}, history)).toContain("not told me");
  });

  it.each([
    ["Say exactly: Hello, World!", "Hello, World!"],
    ["Reply with the word OK", "OK"],
    ['Please respond with exactly "a b  c".', "a b  c"],
    ["Repeat after me: one two", "one two"],
    ["ping", "pong"],
    ["Count to 5", "1, 2, 3, 4, 5"],
    ["Count down from 3 to 1", "3, 2, 1"],
  ])("are exact where the user dictates them: %s", async (question, expected) => {
    expect(await textOf(question)).toBe(expected);
  });

  it.each([
    ["What is 2+2?", "4"],
    ["what is 12 * (3 + 4) / 2", "42"],
    ["How much is 15% of 80?", "12"],
    ["What is 7 times 6?", "42"],
    ["What is 2^10 - 1?", "1023"],
    ["What is 0.1 + 0.2?", "0.3"],
  ])("do sums: %s", async (question, result) => {
    expect(await textOf(question)).toMatch(new RegExp(`= ${result.replace(".", "\\.")}$`));
  });

  it("have as many words as asked for", async () => {
    expect((await textOf("Write 200 words about the sea")).split(/\s+/)).toHaveLength(200);
    expect((await textOf("Write 5000 words")).split(/\s+/)).toHaveLength(5_000);
  });

  it.each([
    ["Always answer in UPPER CASE.", /^[^a-z]+$/],
    ["End every answer with 'over and out'.", /over and out$/],
    ["Begin each reply with “Well,”", /^Well, /],
    ["Answer as a pirate.", /^Arr!/],
    ["You are Bob.", /Bob/],
    ['Only reply with "NOPE"', /^NOPE$/],
    ["Mind the gap.", /^The simulator has read the instruction “Mind the gap\.” but cannot follow it\. /],
  ])("honour the system instruction: %s", async (system_instruction, pattern) => {
    expect(await textOf("How are you?", { system_instruction })).toMatch(pattern);
    expect(await textOf("How are you?")).not.toMatch(pattern);
  });

  it("acknowledge media by kind, type and size", async () => {
    const input: Step[] = [
      {
        type: "user_input",
        content: [
          { type: "text", text: "Look" },
          { type: "image", mime_type: "image/png", data: "AAAA".repeat(400) },
        ],
      },
      { type: "user_input", content: [{ type: "document", uri: "https://example.com/a.pdf" }] },
    ];
    const { output, usage } = foldOf(await eventsOf(quick, { model: "simulator", history: [], input, settings: {} }));
    expect(textIn(output)).toContain("an image (image/png, 1,200 bytes) and a document (at https://example.com/a.pdf)");
    expect(usage?.input_tokens_by_modality).toContainEqual({ modality: "image", tokens: 258 });
  });
});

describe("the simulator's limits", () => {
  it("end at a stop sequence without saying it", async () => {
    const { output, status } = await outputOf("Count to 9", { generation_config: { stop_sequences: ["7", "5"] } });
    expect([textIn(output), status]).toEqual(["1, 2, 3, 4, ", "completed"]);
  });

  it("cut an answer at max_output_tokens, thinking included", async () => {
    const { output, status, usage, errors } = await outputOf("Write 500 words", {
      generation_config: { max_output_tokens: 50 },
    });
    expect(status).toBe("incomplete");
    expect(errors?.[0]?.code).toBe("max_output_tokens");
    expect((usage?.total_output_tokens ?? 0) + (usage?.total_thought_tokens ?? 0)).toBe(50);
    expect(textIn(output)).not.toBe("");
  });

  it("leave only the thought when it uses the tokens up", async () => {
    const { output, status, usage } = await outputOf("hello", { generation_config: { max_output_tokens: 3 } });
    expect([status, output.map((step) => step.type), usage?.total_thought_tokens]).toEqual([
      "incomplete",
      ["thought"],
      3,
    ]);
  });

  it("never cut within a character", async () => {
    const text = await textOf(`Say exactly: ${"👍".repeat(40)}`, {
      generation_config: { max_output_tokens: 9, thinking_level: "minimal" },
    });
    expect(text.isWellFormed()).toBe(true);
    const events = await eventsOf(quick, callOf("simulator", `Say exactly: ${"👍".repeat(40)}`));
    for (const event of events)
      if (event.type === "step.delta" && event.delta.type === "text")
        expect(event.delta.text.isWellFormed()).toBe(true);
  });

  it("think more at a higher level, with summaries only where they are wanted", async () => {
    const thoughts = await Promise.all(
      (["minimal", "low", "medium", "high"] as const).map((thinking_level) =>
        outputOf("hello", { generation_config: { thinking_level, thinking_summaries: "auto" } }),
      ),
    );
    const tokens = thoughts.map(({ usage }) => usage?.total_thought_tokens ?? 0);
    expect(tokens).toEqual(tokens.toSorted((one, other) => one - other));
    expect(thoughts.map(({ output }) => (output[0]?.type === "thought" ? output[0].summary?.length : 0))).toEqual([
      1, 1, 2, 4,
    ]);
    const [plain] = (await outputOf("hello")).output;
    expect(plain).toMatchObject({ type: "thought", signature: { provider: "sim" } });
    expect(plain).not.toHaveProperty("summary");
  });
});
