import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../schema/core/json.ts";
import type { Step } from "../../../schema/core/step.ts";
import { decodeInput } from "../../../schema/interactions/decode-input.ts";
import { decodeStep } from "../../../schema/interactions/decode-step.ts";
import { encodeStep } from "../../../schema/interactions/encode-step.ts";

const said = (...texts: string[]): Step => ({
  type: "user_input",
  content: texts.map((text) => ({ type: "text", text })),
});
const answered = (...texts: string[]): Step => ({ ...said(...texts), type: "model_output" }) as Step;
const text = (value: string) => ({ type: "text", text: value });

const forms: [form: string, input: JsonValue, steps: Step[]][] = [
  ["a string", "hi", [said("hi")]],
  ["one content", text("hi"), [said("hi")]],
  ["contents", [text("a"), text("b")], [said("a", "b")]],
  ["one step", { type: "user_input", content: [text("a")] }, [said("a")]],
  ["one turn", { role: "user", content: "a" }, [said("a")]],
  [
    "turns with strings and contents",
    [
      { role: "user", content: "a" },
      { role: "model", content: [text("b"), text("c")] },
      { role: "user", content: [text("d")] },
    ],
    [said("a"), answered("b", "c"), said("d")],
  ],
  [
    "steps",
    [
      { type: "user_input", content: [text("a")] },
      { type: "thought", signature: "QQ==" },
      { type: "model_output", content: [text("b")] },
    ],
    [said("a"), { type: "thought", signature: { value: "QQ==" } }, answered("b")],
  ],
  [
    "a mixture: contents that follow each other are one step",
    [text("a"), text("b"), { type: "user_input", content: [text("c")] }, text("d"), { role: "model", content: "e" }],
    [said("a", "b"), said("c"), said("d"), answered("e")],
  ],
  [
    "the outputs of a legacy answer, sent back as the model's turn",
    [
      { role: "user", content: "weather?" },
      {
        role: "model",
        content: [
          { type: "thought", signature: "QQ==" },
          text("let me see"),
          { type: "function_call", id: "c1", name: "f", arguments: { a: 1 } },
        ],
      },
      { role: "user", content: [{ type: "function_result", call_id: "c1", name: "f", result: "sunny" }] },
    ],
    [
      said("weather?"),
      { type: "thought", signature: { value: "QQ==" } },
      answered("let me see"),
      { type: "tool_call", tool: "function", call_id: "c1", name: "f", arguments: { a: 1 } },
      { type: "tool_result", tool: "function", call_id: "c1", name: "f", result: { type: "text", text: "sunny" } },
    ],
  ],
  [
    "a function's result among the contents of a user_input, which becomes a step of its own",
    [
      {
        type: "user_input",
        content: [text("a"), { type: "function_result", call_id: "c", result: { ok: 1 } }, text("b")],
        note: 1,
      },
    ],
    [
      { ...said("a"), extra: { note: 1 } } as Step,
      { type: "tool_result", tool: "function", call_id: "c", result: { type: "json", json: { ok: 1 } } },
      said("b"),
    ],
  ],
  [
    "the aliases that the OGX project sends",
    [
      { type: "function_call", id: "c", name: "f", args: { a: 1 } },
      { type: "function_response", id: "c", name: "f", response: { ok: 1 } },
      { type: "function_result", id: "d", result: "x" },
    ],
    [
      { type: "tool_call", tool: "function", call_id: "c", name: "f", arguments: { a: 1 } },
      { type: "tool_result", tool: "function", call_id: "c", name: "f", result: { type: "json", json: { ok: 1 } } },
      { type: "tool_result", tool: "function", call_id: "d", result: { type: "text", text: "x" } },
    ],
  ],
  [
    "a call whose arguments were cut, with their text as the hub wrote it",
    [{ type: "function_call", id: "c", name: "f", arguments: {}, arguments_text: '{"a":' }],
    [{ type: "tool_call", tool: "function", call_id: "c", name: "f", arguments_text: '{"a":' }],
  ],
  [
    "a result of contents",
    [{ type: "function_result", call_id: "c", result: [text("x"), { type: "image", data: "QUJD" }] }],
    [
      {
        type: "tool_result",
        tool: "function",
        call_id: "c",
        result: {
          type: "content",
          content: [
            { type: "text", text: "x" },
            { type: "image", data: "QUJD" },
          ],
        },
      },
    ],
  ],
  [
    "null members, which count as absent",
    [{ type: "function_result", call_id: "c", name: null, result: "x", is_error: null, signature: null }],
    [{ type: "tool_result", tool: "function", call_id: "c", result: { type: "text", text: "x" } }],
  ],
  [
    "an unknown tool's steps, kept whole",
    [
      { type: "bash_call", id: "b1", arguments: { command: "ls" } },
      { type: "bash_result", call_id: "b1", result: [1] },
    ],
    [
      {
        type: "tool_call",
        tool: "other",
        call_id: "b1",
        raw: { type: "bash_call", id: "b1", arguments: { command: "ls" } },
      },
      { type: "tool_result", tool: "other", call_id: "b1", raw: { type: "bash_result", call_id: "b1", result: [1] } },
    ],
  ],
  [
    "media, with the older name of a sample rate, URL-safe base64 and missing padding put right",
    [
      { type: "audio", data: "-_8", mime_type: "audio/l16", rate: 24000, channels: 1 },
      { type: "video", uri: "https://youtu.be/x", processing: { type: "static", fps: 1 }, resolution: "low" },
    ],
    [
      {
        type: "user_input",
        content: [
          { type: "audio", data: "+/8=", mime_type: "audio/l16", sample_rate: 24000, channels: 1 },
          { type: "video", uri: "https://youtu.be/x", processing: { type: "static", fps: 1 }, resolution: "low" },
        ],
      },
    ],
  ],
  [
    "members that the hub does not know, kept",
    [{ type: "text", text: "a", mood: { deep: [null] } }],
    [{ type: "user_input", content: [{ type: "text", text: "a", extra: { mood: { deep: [null] } } }] }],
  ],
];

describe("an input", () => {
  it.each(forms)("may be %s", (_form, input, steps) => {
    expect(decodeInput(input)).toStrictEqual(steps);
  });

  it("may hold a member called __proto__ without harm", () => {
    const [step] = decodeInput(JSON.parse('[{"type":"text","text":"a","__proto__":{"polluted":1}}]'));
    expect(JSON.stringify(step)).toContain('"__proto__":{"polluted":1}');
    expect(Object.getPrototypeOf(step?.extra ?? {})).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  it("may be nested as deep as it likes", () => {
    let deep: JsonValue = "x";
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    const steps = decodeInput([
      { type: "text", text: "a", deep },
      { type: "function_call", id: "c", name: "f", arguments: { deep } },
      { type: "new_thing_call", id: "d", deep },
    ]);
    expect(steps.map((step) => step.type)).toEqual(["user_input", "tool_call", "tool_call"]);
  });

  it("of very many items is read without exhausting the stack", () => {
    const turn = { role: "user", content: Array.from({ length: 200_000 }, () => text("a")) };
    expect(decodeInput([turn, ...Array.from({ length: 1000 }, () => ({ role: "model", content: "b" }))])).toHaveLength(
      1001,
    );
  });
});

describe("recorded answers", () => {
  const folder = new URL("../../fixtures/gemini-steps/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

  it.each(names)("of %s come back as input without losing anything", (name) => {
    const { steps } = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    expect(steps.length).toBeGreaterThan(0);
    expect(decodeInput(steps).map(encodeStep)).toEqual(steps);
    expect(steps.map((step: JsonValue) => decodeStep(step, "input[0]"))).toStrictEqual(decodeInput(steps));
  });
});
