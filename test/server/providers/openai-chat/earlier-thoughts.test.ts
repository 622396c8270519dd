import { describe, expect, it } from "vitest";
import type { Step } from "../../../../schema/core/step.ts";
import { sealReasoning } from "../../../../server/providers/openai-chat/reasoning.ts";
import { answering, callingFunction, messagesFor, resulting, wireCall } from "../../../cases/chat-messages.ts";
import { saying } from "../../../cases/provider.ts";

describe("thoughts of earlier turns", () => {
  const own = (as: "reasoning_content" | "reasoning" | "think", text: string): Step => ({
    type: "thought",
    summary: [{ type: "text", text }],
    signature: sealReasoning("local", { as, text }, true),
  });
  const foreign: Step = { type: "thought", signature: { value: "c2ln", provider: "gemini" } };

  it("go back in the words in which they came where tools were called, also later, and nowhere else", () => {
    const { messages, degradations } = messagesFor(
      [
        saying("One"),
        own("reasoning_content", "Plain."),
        answering("1"),
        saying("Two"),
        own("reasoning_content", "Use f."),
        callingFunction("a"),
        resulting("a"),
        own("reasoning", "Got it."),
        answering("2"),
      ],
      [saying("Three")],
    );
    expect(messages.filter(({ role }) => role === "assistant")).toEqual([
      { role: "assistant", content: "1" },
      { role: "assistant", content: null, reasoning_content: "Use f.", tool_calls: [wireCall("a")] },
      { role: "assistant", content: "2", reasoning: "Got it." },
    ]);
    expect(degradations).toEqual([]);
  });

  it("go back in their tag or as blocks", () => {
    const details = [{ type: "reasoning.encrypted", data: "AAAA" }];
    const sealed: Step = {
      type: "thought",
      signature: sealReasoning("local", { as: "reasoning_details", text: "", details }, true),
    };
    const [, tagged, , , blocks] = messagesFor(
      [
        saying("Go"),
        own("think", "Use f."),
        callingFunction("a"),
        resulting("a"),
        answering("x"),
        saying("Go on"),
        sealed,
        callingFunction("b"),
      ],
      [resulting("b")],
    ).messages.filter(({ role }) => role !== "tool");
    expect(tagged).toMatchObject({ content: "<think>\nUse f.\n</think>" });
    expect(blocks).toMatchObject({ content: null, reasoning_details: details });
  });

  it("of another upstream are left out, which is told once", () => {
    const { messages, degradations } = messagesFor(
      [saying("Go"), foreign, callingFunction("a"), resulting("a"), foreign, answering("x")],
      [saying("?")],
    );
    expect(JSON.stringify(messages)).not.toContain("c2ln");
    expect(degradations).toEqual([{ field: "history[1]", message: expect.stringContaining("2 thoughts") }]);
  });
});
