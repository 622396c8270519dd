import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { Step, Thought } from "../../../../schema/core/step.ts";
import { unsealReasoning } from "../../../../server/providers/openai-chat/reasoning.ts";
import { calling, chunk, completion, ending, translate } from "../../../cases/chat-chunks.ts";

function thoughtsIn(steps: readonly Step[]): Thought[] {
  return steps.filter((step) => step.type === "thought");
}

function wordsOf(thought: Thought | undefined): string {
  return (thought?.summary ?? []).map((content) => (content.type === "text" ? content.text : "")).join("");
}

/** What an answer in pieces of content is: its thinking and its text. */
function split(...contents: string[]): { thought: string | undefined; text: string } {
  const { output } = translate([...contents.map((content) => chunk({ content })), ending("stop")]).folded;
  const [thought] = thoughtsIn(output);
  const text = output.flatMap((step) => (step.type === "model_output" ? step.content : []));
  return {
    thought: thought && wordsOf(thought),
    text: text.map((content) => (content.type === "text" ? content.text : "")).join(""),
  };
}

describe("reasoning", () => {
  it.each<[string, JsonObject[]]>([
    ["reasoning_content", [chunk({ reasoning_content: "Let me " }), chunk({ reasoning_content: "see." })]],
    ["reasoning", [chunk({ reasoning: "Let me ", content: "" }), chunk({ reasoning: "see.", content: "" })]],
    ["thinking", [chunk({ thinking: "Let me " }), chunk({ thinking: "see." })]],
    ["both words for the same", [chunk({ reasoning: "Let me see.", reasoning_content: "Let me see." })]],
    [
      "reasoning_details",
      [
        chunk({ reasoning: "Let me ", reasoning_details: [{ type: "reasoning.text", text: "Let me ", index: 0 }] }),
        chunk({ reasoning: "see.", reasoning_details: [{ type: "reasoning.text", text: "see.", index: 0 }] }),
      ],
    ],
    ["summaries", [chunk({ reasoning_details: [{ type: "reasoning.summary", summary: "Let me see.", index: 0 }] })]],
    ["parts", [chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "Let me see." }] }] })]],
    ["a whole message", [completion({ reasoning_content: "Let me see." })]],
    ["a tag", [chunk({ content: "<think>Let me see.</think>" })]],
  ])("becomes a thought where it is spelt as %s", (_, chunks) => {
    const { output } = translate([...chunks, chunk({ content: "Yes." }), ending("stop")]).folded;
    expect(output.map(({ type }) => type)).toEqual(["thought", "model_output"]);
    expect(wordsOf(thoughtsIn(output)[0])).toBe("Let me see.");
    expect(output[1]).toEqual({ type: "model_output", content: [{ type: "text", text: "Yes." }] });
  });

  it("becomes a thought before calls, and between texts", () => {
    const { output } = translate([
      chunk({ reasoning_content: "One." }),
      chunk({ content: "First." }),
      chunk({ reasoning_content: "Two." }),
      calling({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }),
      ending("tool_calls"),
    ]).folded;
    expect(output.map(({ type }) => type)).toEqual(["thought", "model_output", "thought", "tool_call"]);
  });

  it("is told in whole lines, or whole words where they are long, and loses nothing", () => {
    const lines = Array.from({ length: 40 }, (_, index) => `Line ${index} of what I think about.\n`).join("");
    const long = Array.from({ length: 400 }, (_, index) => `word${index}`).join(" ");
    for (const text of [lines, long, "x".repeat(3000)]) {
      const pieces = text.match(/.{1,3}/gs) ?? [];
      const { output } = translate([...pieces.map((reasoning) => chunk({ reasoning })), ending("stop")]).folded;
      const [thought] = thoughtsIn(output);
      expect(wordsOf(thought)).toBe(text);
      expect(thought?.summary?.length).toBeGreaterThan(1);
      expect(thought?.summary?.length).toBeLessThan(text.length / 100);
      const inner = (thought?.summary ?? [])
        .slice(0, -1)
        .map((content) => (content.type === "text" ? content.text : ""));
      if (text.includes(" ")) expect(inner.every((piece) => /\s$/.test(piece))).toBe(true);
    }
  });

  it("is sealed with how it was spelt, for nobody but the upstream that made it", () => {
    const [thought] = thoughtsIn(translate([chunk({ reasoning: "Hm." }), ending("stop")]).folded.output);
    expect(thought?.signature?.provider).toBe("local");
    expect(thought && unsealReasoning("local", thought)).toEqual({ as: "reasoning", text: "Hm." });
    expect(thought && unsealReasoning("other", thought)).toBeUndefined();
    const unnamed = { ...thought, signature: { value: thought?.signature?.value ?? "" } } as Thought;
    expect(unsealReasoning("local", unnamed)).toEqual({ as: "reasoning", text: "Hm." });
    expect(unsealReasoning("other", unnamed)).toBeUndefined();
    expect(unsealReasoning("local", { type: "thought", signature: { value: "bm8=" } })).toBeUndefined();
  });

  it("is kept but not shown where nobody wants to see it", () => {
    const chunks = [chunk({ reasoning_content: "Secret." }), chunk({ content: "Yes." }), ending("stop")];
    const { events, folded } = translate(chunks, { showsThoughts: false });
    expect(JSON.stringify(events)).not.toContain("Secret");
    const [thought] = thoughtsIn(folded.output);
    expect(thought).not.toHaveProperty("summary");
    expect(thought && unsealReasoning("local", thought)).toEqual({ as: "reasoning_content", text: "Secret." });
  });

  it("keeps blocks as they came, put together, also encrypted ones without words", () => {
    const detail = (more: object): JsonObject => chunk({ reasoning_details: [more] });
    const { output } = translate([
      detail({ type: "reasoning.text", text: "Let ", index: 0, format: "v1" }),
      detail({ type: "reasoning.text", text: "me", index: 0, signature: null }),
      detail({ type: "reasoning.text", signature: "sig", index: 0 }),
      detail({ type: "reasoning.encrypted", data: "AAAA", index: 1 }),
      ending("stop"),
    ]).folded;
    const [thought] = thoughtsIn(output);
    expect(thought && unsealReasoning("local", thought)).toEqual({
      as: "reasoning_details",
      text: "Let me",
      details: [
        { type: "reasoning.text", text: "Let me", index: 0, format: "v1", signature: "sig" },
        { type: "reasoning.encrypted", data: "AAAA", index: 1 },
      ],
    });
  });
});

describe("a <think> tag", () => {
  const answer = "<think>\nOne < two, </thin king>.\n</think>\n\nThe answer: <think>not me</think>";

  it("may come in pieces of any size", () => {
    for (let size = 1; size <= answer.length; size += 1) {
      const pieces = answer.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      expect(split(...pieces)).toEqual({
        thought: "One < two, </thin king>.\n",
        text: "The answer: <think>not me</think>",
      });
    }
  });

  it.each([
    ["has nothing before it but blanks", "\n <think>a</think>b", { thought: "a", text: "b" }],
    [
      "is text where something stands before it",
      "So <think>a</think>",
      { thought: undefined, text: "So <think>a</think>" },
    ],
    ["may be empty", "<think>\n\n</think>\n\nb", { thought: undefined, text: "b" }],
    ["may never end", "<think>a and a half </thi", { thought: "a and a half </thi", text: "" }],
    ["is text where it is not whole", "<thi", { thought: undefined, text: "<thi" }],
    ["is not taken for another one", "<thinker>a", { thought: undefined, text: "<thinker>a" }],
  ])("%s", (_, content, expected) => {
    expect(split(content)).toEqual(expected);
    expect(split(...content)).toEqual(expected);
  });

  it("is text where the server tells reasoning apart itself", () => {
    const { output } = translate([
      chunk({ reasoning: "Hm." }),
      chunk({ content: "<think>x</think>" }),
      ending("stop"),
    ]).folded;
    expect(output[1]).toEqual({ type: "model_output", content: [{ type: "text", text: "<think>x</think>" }] });
  });
});
