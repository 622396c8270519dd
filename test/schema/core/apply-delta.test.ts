import { describe, expect, test } from "vitest";
import { applyDelta, closeStep } from "../../../schema/core/apply-delta.ts";
import type { Delta } from "../../../schema/core/event.ts";
import type { Step } from "../../../schema/core/step.ts";

const steps = {
  user_input: { type: "user_input", content: [] },
  model_output: { type: "model_output", content: [] },
  thought: { type: "thought" },
  tool_call: { type: "tool_call", tool: "function", call_id: "c" },
  tool_result: { type: "tool_result", tool: "google_search", call_id: "c" },
} satisfies { [type in Step["type"]]: Step };

const deltas = {
  text: { type: "text", text: "a" },
  annotations: { type: "annotations", annotations: [{ type: "url_citation" }] },
  content: { type: "content", content: { type: "image", uri: "u" } },
  summary: { type: "summary", content: { type: "text", text: "s" } },
  signature: { type: "signature", signature: { value: "v" } },
  arguments: { type: "arguments", text: "{}" },
  call: { type: "call", arguments: { a: 1 } },
  result: { type: "result", result: { type: "text", text: "r" } },
  other: { type: "other", raw: { type: "new", member: 1 } },
} satisfies { [type in Delta["type"]]: Delta };

const fitting: { [type in Step["type"]]: Delta["type"][] } = {
  user_input: ["other"],
  model_output: ["text", "annotations", "content", "other"],
  thought: ["summary", "signature", "other"],
  tool_call: ["signature", "arguments", "call", "other"],
  tool_result: ["signature", "result", "other"],
};

describe("a delta", () => {
  test.each(Object.keys(steps) as Step["type"][])("fits %s or is refused, by its type", (type) => {
    const fits = (Object.keys(deltas) as Delta["type"][]).filter(
      (delta) => applyDelta(steps[type], deltas[delta]) !== undefined,
    );
    expect(fits).toEqual(fitting[type]);
  });

  test("of text continues the last text, and begins a new one after an image", () => {
    const step: Step = {
      type: "model_output",
      content: [{ type: "text", text: "a" }],
    };
    const more = applyDelta(step, { type: "text", text: "b" });
    expect(more).toEqual({ type: "model_output", content: [{ type: "text", text: "ab" }] });
    const image = applyDelta(step, deltas.content) ?? step;
    expect(applyDelta(image, { type: "text", text: "b" })).toMatchObject({
      content: [{ text: "a" }, { type: "image" }, { type: "text", text: "b" }],
    });
  });

  test("of annotations adds to those that the text has, and needs no text before it", () => {
    const first = applyDelta(steps.model_output, deltas.annotations) ?? steps.model_output;
    expect(first).toMatchObject({ content: [{ type: "text", text: "", annotations: [{ type: "url_citation" }] }] });
    const second = applyDelta(first, { type: "annotations", annotations: [{ type: "place_citation" }] });
    expect(second).toMatchObject({
      content: [{ annotations: [{ type: "url_citation" }, { type: "place_citation" }] }],
    });
  });

  test("that leaves members out keeps what the step has of them", () => {
    const step: Step = { ...steps.tool_result, is_error: true, signature: { value: "v" }, extra: { a: 1 } };
    const given: Delta = { type: "result", result: { type: "text", text: "r" }, is_error: undefined, extra: { b: 2 } };
    const expected = { ...step, result: { type: "text", text: "r" }, extra: { a: 1, b: 2 } };
    expect(applyDelta(step, given)).toEqual(expected);
  });

  test("that is unknown leaves its members in the step, but not its type", () => {
    expect(applyDelta(steps.thought, deltas.other)).toEqual({ type: "thought", extra: { member: 1 } });
    expect(applyDelta(steps.thought, { type: "other", raw: { type: "new" } })).toEqual({ type: "thought" });
  });
});

describe("closing a step", () => {
  const call = steps.tool_call;

  test.each([
    ["a whole object", '{"a":[1]}', { ...call, arguments: { a: [1] } }],
    ["nothing", "", call],
    ["an object that is cut", '{"a":[1', { ...call, arguments_text: '{"a":[1' }],
    ["a list, which no arguments are", "[1]", { ...call, arguments_text: "[1]" }],
    ["null", "null", { ...call, arguments_text: "null" }],
    ["a text", '"a"', { ...call, arguments_text: '"a"' }],
  ])("reads the arguments' text where it is %s", (_name, text, expected) => {
    expect(closeStep({ ...call, arguments_text: text })).toEqual(expected);
  });

  test("prefers the text that came in fragments to the arguments that the start had", () => {
    const step: Step = { ...call, arguments: {}, arguments_text: '{"a":1}' };
    expect(closeStep(step)).toEqual({ ...call, arguments: { a: 1 } });
  });

  test("gives the same step back where there is nothing to close", () => {
    for (const step of Object.values(steps)) expect(closeStep(step)).toBe(step);
  });

  test("keeps the text of arguments that nest so deep that nothing could be done with them", () => {
    const nested = (levels: number): string => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    const text = nested(100_000);
    expect(closeStep({ ...call, arguments_text: text })).toEqual({ ...call, arguments_text: text });
    expect(closeStep({ ...call, arguments_text: nested(400) })).toHaveProperty("arguments.a");
  });
});
