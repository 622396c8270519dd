import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDelta, closeStep } from "../../../schema/core/apply-delta.ts";
import type { Delta } from "../../../schema/core/event.ts";
import { restOfJson } from "../../../schema/core/rest-of-json.ts";
import { restOfStep } from "../../../schema/core/rest-of-step.ts";
import { isSameJson } from "../../../schema/core/same-json.ts";
import type { Step } from "../../../schema/core/step.ts";
import { step } from "../../cases/arbitraries.ts";
import { jsonObject } from "../../cases/arbitrary-content.ts";

const add = (said: Step, deltas: readonly Delta[] = []): Step =>
  deltas.reduce((before, delta) => applyDelta(before, delta) ?? before, said);

describe("the rest of a step", () => {
  test("is nothing where all was said", () => {
    fc.assert(
      fc.property(step, (whole) => {
        expect(restOfStep(whole, structuredClone(whole))).toEqual([]);
      }),
    );
  });

  const search = { type: "tool_call", tool: "google_search", call_id: "s" } as const;
  const result = { type: "tool_result", tool: "google_search", call_id: "s" } as const;
  const text = (words: string): Step => ({ type: "model_output", content: [{ type: "text", text: words }] });
  const picture = { type: "image" as const, data: "QQ==" };
  const parts: [what: string, said: Step, whole: Step, rest: Delta[]][] = [
    ["words", text("Half"), text("Half an answer"), [{ type: "text", text: " an answer" }]],
    [
      "sources and media",
      text("Half"),
      { type: "model_output", content: [{ type: "text", text: "Half", annotations: [{ start_index: 0 }] }, picture] },
      [
        { type: "annotations", annotations: [{ start_index: 0 }] },
        { type: "content", content: picture },
      ],
    ],
    [
      "a summary that was cut elsewhere, and a signature",
      {
        type: "thought",
        summary: [
          { type: "text", text: "One. " },
          { type: "text", text: "Tw" },
        ],
      },
      { type: "thought", summary: [{ type: "text", text: "One. Two." }], signature: { value: "QQ==" } },
      [
        { type: "summary", content: { type: "text", text: "o." } },
        { type: "signature", signature: { value: "QQ==" } },
      ],
    ],
    [
      "the arguments of a call, and members that nobody knows",
      { ...search, signature: { value: "" } },
      { ...search, arguments: { queries: ["a"] }, extra: { page: 2 } },
      [
        { type: "call", arguments: { queries: ["a"] } },
        { type: "other", raw: { type: "tool_call", page: 2 } },
      ],
    ],
    [
      "a result",
      result,
      { ...result, result: { type: "text", text: "a" }, is_error: true },
      [{ type: "result", result: { type: "text", text: "a" }, is_error: true }],
    ],
  ];

  test.each(parts)("is what is missing: %s", (_what, said, whole, rest) => {
    expect(restOfStep(said, whole)).toEqual(rest);
    expect(restOfStep(whole, add(said, rest))).toEqual([]);
    // The other way round something is missing that was said.
    expect(restOfStep(whole, said)).toBeUndefined();
  });

  test("is none of a call whose arguments have not begun, unless it has none", () => {
    const call: Step = { type: "tool_call", tool: "function", call_id: "c", name: "f", arguments: {} };
    const said = add(call, [{ type: "arguments", text: "{" }]);
    expect(restOfStep(said, call, true)).toBeUndefined();
    expect(restOfStep(said, call)).toEqual([{ type: "arguments", text: "}" }]);
  });
});

test("the rest of some JSON goes on wherever it was cut, with whatever white space", () => {
  fc.assert(
    fc.property(jsonObject, fc.nat(), fc.nat(3), (object, at, indent) => {
      const said = JSON.stringify(object, undefined, indent).slice(0, 1 + at);
      const call: Step = { type: "tool_call", tool: "function", call_id: "c", arguments_text: said };
      const rest = restOfJson(said, object) ?? "";
      expect(closeStep(add(call, [{ type: "arguments", text: rest }]))).toMatchObject({ arguments: object });
    }),
  );
  expect(restOfJson('{"a": 2', { a: 1 })).toBeUndefined();
});

test("JSON is the same in whatever order its members stand, and where those are not set that JSON leaves out", () => {
  expect(isSameJson({ a: 1, b: [{ c: null, d: undefined }] }, { b: [{ c: null }], a: 1 })).toBe(true);
  for (const [left, right] of [
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ 0: "a" }, ["a"]],
    [
      ["a", "b"],
      ["b", "a"],
    ],
    [null, {}],
    ["1", 1],
    [undefined, null],
  ])
    expect(isSameJson(left, right)).toBe(false);
});
