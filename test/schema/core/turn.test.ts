import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Step } from "../../../schema/core/step.ts";
import { roleOf, turnsOf } from "../../../schema/core/turn.ts";
import { step } from "../../cases/arbitraries.ts";

describe("the side of a step", () => {
  test.each<[string, Step, string]>([
    ["what the user says", { type: "user_input", content: [] }, "user"],
    ["the result of a client's function", { type: "tool_result", tool: "function", call_id: "c" }, "user"],
    ["the result of the provider's own tool", { type: "tool_result", tool: "google_search", call_id: "c" }, "model"],
    ["a call", { type: "tool_call", tool: "function", call_id: "c" }, "model"],
    ["a thought", { type: "thought" }, "model"],
    ["an answer", { type: "model_output", content: [] }, "model"],
  ])("of %s is right", (_name, one, role) => {
    expect(roleOf(one)).toBe(role);
  });
});

describe("turns", () => {
  test("hold all steps in their order, and no two that follow each other are of one side", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const turns = turnsOf(steps);
        expect(turns.flatMap((turn) => turn.steps)).toEqual(steps);
        for (const [index, turn] of turns.entries()) {
          expect(turn.steps.length).toBeGreaterThan(0);
          expect(turn.steps.every((one) => roleOf(one) === turn.role)).toBe(true);
          expect(turns[index + 1]?.role).not.toBe(turn.role);
        }
      }),
    );
  });
});
