import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutResent } from "../../../schema/core/resent.ts";
import type { Step } from "../../../schema/core/step.ts";
import { step } from "../../cases/arbitraries.ts";

const user = (text: string): Step => ({ type: "user_input", content: [{ type: "text", text }] });
const model = (text: string): Step => ({ type: "model_output", content: [{ type: "text", text }] });
const call = (call_id: string): Step => ({ type: "tool_call", tool: "function", call_id, name: "f", arguments: {} });
const result = (call_id: string, text = "ok"): Step => ({
  type: "tool_result",
  tool: "function",
  call_id,
  name: "f",
  result: { type: "text", text },
});
const thought = (value: string, provider?: string): Step => ({
  type: "thought",
  signature: provider === undefined ? { value } : { value, provider },
});

describe("what a client sends again next to a previous id", () => {
  test.each<[string, Step[], Step[], Step[]]>([
    ["nothing, when there is no chain", [], [user("a")], [user("a")]],
    ["the call that a result answers", [user("a"), call("1")], [call("1"), result("1")], [result("1")]],
    [
      "several calls, in another order than they came",
      [user("a"), call("1"), call("2")],
      [call("2"), call("1"), result("1"), result("2")],
      [result("1"), result("2")],
    ],
    [
      "the thought before a call",
      [user("a"), thought("s", "p"), call("1")],
      [thought("s"), call("1"), result("1")],
      [result("1")],
    ],
    ["the whole history", [user("a"), model("b")], [user("a"), model("b"), user("c")], [user("c")]],
    [
      "the whole history without its thoughts",
      [user("a"), thought("s", "p"), model("b")],
      [user("a"), model("b"), user("c")],
      [user("c")],
    ],
    [
      "a long history with tools in it",
      [user("a"), call("1"), result("1"), model("b")],
      [user("a"), call("1"), result("1"), model("b"), user("c")],
      [user("c")],
    ],
    [
      "the end of the history",
      [user("a"), model("b"), user("c"), model("d")],
      [user("c"), model("d"), user("e")],
      [user("e")],
    ],
  ])("is left out: %s", (_name, history, input, expected) => {
    expect(withoutResent(history, input)).toEqual(expected);
  });

  test.each<[string, Step[], Step[]]>([
    ["the same words said once more", [user("yes"), model("sure?")], [user("yes")]],
    [
      "the same words after an answer that was not sent again",
      [user("a"), model("b"), user("yes")],
      [user("yes"), user("go")],
    ],
    ["another result for the same call", [call("1"), result("1", "x")], [result("1", "y")]],
    ["a result for a call that has none yet", [user("a"), call("1")], [result("1")]],
    ["calls without an id, which cannot be told apart", [call("")], [call(""), result("")].slice(1)],
    ["thoughts whose signature is empty", [thought("")], [user("a"), thought("")]],
    ["an answer that another model gave", [user("a"), model("b")], [user("a"), model("another"), user("c")]],
  ])("is kept where it is new: %s", (_name, history, input) => {
    expect(withoutResent(history, input)).toEqual(input);
  });

  test("never leaves out what is not in the chain, and adds nothing", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4 }), fc.array(step, { maxLength: 4 }), (history, input) => {
        const kept = withoutResent(history, input);
        expect(kept.every((one) => input.includes(one))).toBe(true);
        expect(input.filter((one) => kept.includes(one))).toEqual(kept);
      }),
    );
  });

  test("is the whole history whatever the history is, if the model had a part in it", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (history) => {
        fc.pre(history.some((one) => one.type !== "user_input"));
        expect(withoutResent(history, [...history, user("new")])).toEqual([user("new")]);
      }),
    );
  });
});
