import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { encodeStep } from "../../../../schema/interactions/encode-step.ts";
import { eventsOfSteps } from "../../../cases/fake-gemini-answer.ts";
import { created, newReader } from "../../../cases/gemini-provider.ts";
import { foldOf } from "../../../cases/provider.ts";

const input: JsonObject[] = [
  { type: "user_input", content: [{ type: "text", text: "Hi" }] },
  { type: "function_result", call_id: "before", name: "f", result: "x" },
];

const sources = [{ type: "url_citation", url: "https://a.example", start_index: 0, end_index: 1 }];
const steps: JsonObject[] = [
  { type: "thought", signature: "QQ==" },
  { type: "model_output", content: [{ type: "text", text: "Zürich is 🎈.", annotations: sources }] },
  { type: "function_call", id: "c", name: "f", arguments: { place: 'a "b" \\ c', list: [1, { x: null }] } },
];
const whole: JsonObject = { id: "v1_a", status: "requires_action", usage: { total_tokens: 3 }, steps };

describe("an answer of which a part was said", () => {
  const events = [created, ...eventsOfSteps(steps)];

  it.each([
    ["with what was sent before it", [...input, ...steps]],
    ["alone", steps],
  ])("goes on with the whole, %s, from wherever it was", (_how, shown) => {
    for (let said = 0; said <= events.length; said += 1) {
      const reader = newReader(input);
      const before = events.slice(0, said).flatMap((event) => reader.read(event));
      const after = reader.complete({ ...whole, steps: shown });
      const answer = foldOf([...before, ...after]);
      expect(
        answer.output.map((step) => withoutEmpty(encodeStep(step))),
        `after ${said} events`,
      ).toEqual(steps);
      expect(answer).toMatchObject({ status: "requires_action", usage: { total_tokens: 3 } });
      expect(reader.finished).toBe(true);
      expect(reader.complete(whole)).toEqual([]);
    }
  });

  it("goes on with arguments that were written with other white space", () => {
    const given = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, maxKeys: 3 });
    fc.assert(
      fc.property(given, fc.nat(), fc.nat(3), (value, at, indent) => {
        const args = JSON.parse(JSON.stringify(value));
        const text = JSON.stringify(args, undefined, indent);
        const reader = newReader();
        const shell = { type: "function_call", id: "c", name: "f", arguments: {} };
        const said = [
          created,
          { event_type: "step.start", index: 0, step: shell },
          {
            event_type: "step.delta",
            index: 0,
            delta: { type: "arguments_delta", arguments: text.slice(0, 1 + (at % text.length)) },
          },
        ].flatMap((event) => reader.read(event));
        const step = { ...shell, arguments: args };
        const { output } = foldOf([...said, ...reader.complete({ ...whole, steps: [step] })]);
        expect(output.map(encodeStep)).toEqual([step]);
      }),
    );
  });

  it("waits while the whole is under way", () => {
    const reader = newReader();
    expect(reader.complete({ ...whole, status: "in_progress" })).toEqual([]);
    expect(reader.complete({ ...whole, status: "queued" })).toEqual([]);
    expect(reader.finished).toBe(false);
  });

  it("ends with less where it was cancelled or failed", () => {
    for (const status of ["cancelled", "failed", "incomplete"]) {
      const reader = newReader(input);
      const said = events.slice(0, 7).flatMap((event) => reader.read(event));
      const answer = foldOf([...said, ...reader.complete({ id: "v1_a", status, steps: input })]);
      expect(answer.status).toBe(status);
      expect(answer.output).toHaveLength(2);
    }
  });

  const others: [what: string, other: JsonObject[]][] = [
    ["another text", [steps[0] ?? {}, { type: "model_output", content: [{ type: "text", text: "Genève." }] }]],
    [
      "another kind of step",
      [
        { type: "model_output", content: [] },
        { type: "model_output", content: [] },
      ],
    ],
    ["fewer steps", [steps[0] ?? {}]],
  ];

  it.each(others)("cannot go on with %s", (_what, other) => {
    const reader = newReader();
    for (const event of events.slice(0, 7)) reader.read(event);
    expect(() => reader.complete({ ...whole, steps: other })).toThrow("keeps another answer than it gave");
    expect(reader.finished).toBe(false);
  });

  it("cannot go on with another call", () => {
    const reader = newReader();
    const last = events.findLastIndex(({ event_type }) => event_type === "step.delta");
    for (const event of events.slice(0, last + 1)) reader.read(event);
    const call = { ...steps[2], arguments: { place: "elsewhere" } };
    expect(() => reader.complete({ ...whole, steps: [...steps.slice(0, 2), call] })).toThrow("keeps another answer");
  });
});

function withoutEmpty({ signature, ...step }: JsonObject): JsonObject {
  return signature === "" || signature === undefined ? step : { signature, ...step };
}
