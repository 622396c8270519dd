import { describe, expect, it } from "vitest";
import type { Step } from "../../../schema/core/step.ts";
import { encodeContent } from "../../../schema/interactions/encode-content.ts";
import { encodeOutputs, encodeTurns } from "../../../schema/interactions/encode-legacy-content.ts";
import { encodeStep } from "../../../schema/interactions/encode-step.ts";

const cutCall: Step = { type: "tool_call", tool: "function", call_id: "c", name: "f", arguments_text: '{"a":' };

describe("a step on the wire", () => {
  it("takes the name of its tool and the value of its signature", () => {
    const step: Step = {
      type: "tool_call",
      tool: "google_search",
      call_id: "s1",
      arguments: { queries: ["q"] },
      signature: { value: "QUJD", provider: "gemini" },
      extra: { search_type: "web_search" },
    };
    expect(encodeStep(step)).toStrictEqual({
      id: "s1",
      type: "google_search_call",
      arguments: { queries: ["q"] },
      signature: "QUJD",
      search_type: "web_search",
    });
  });

  it.each<[string, Extract<Step, { type: "tool_result" }>["result"], unknown]>([
    ["a string", { type: "text", text: "sunny" }, "sunny"],
    ["any JSON", { type: "json", json: { degrees: 21 } }, { degrees: 21 }],
    ["contents", { type: "content", content: [{ type: "text", text: "x" }] }, [{ text: "x", type: "text" }]],
  ])("gives a tool's result as %s", (_form, result, expected) => {
    const step: Step = { type: "tool_result", tool: "function", call_id: "c", name: "f", is_error: false };
    expect(encodeStep(result === undefined ? step : { ...step, result })).toStrictEqual({
      call_id: "c",
      type: "function_result",
      name: "f",
      result: expected,
      is_error: false,
    });
  });

  it("keeps the text of arguments that were cut beside the empty object", () => {
    expect(encodeStep(cutCall)).toStrictEqual({
      id: "c",
      type: "function_call",
      name: "f",
      arguments: {},
      arguments_text: '{"a":',
    });
  });

  it("gives a step of an unknown tool back as it came, with what was added later", () => {
    const step: Step = {
      type: "tool_call",
      tool: "other",
      call_id: "x",
      raw: { type: "future_call", id: "x", depth: 1 },
      extra: { depth: 2 },
    };
    expect(encodeStep(step)).toStrictEqual({ type: "future_call", id: "x", depth: 2 });
  });

  it("never lets a carried member replace one that it knows", () => {
    const step: Step = { type: "thought", signature: { value: "real" }, extra: { signature: "other", more: 1 } };
    expect(encodeStep(step)).toStrictEqual({ signature: "real", type: "thought", more: 1 });
  });
});

describe("media on the wire", () => {
  it("has its bytes and never their hash", () => {
    const image = { type: "image", mime_type: "image/png", data: "QUJD", blob: "0".repeat(64) } as const;
    expect(encodeContent(image)).toStrictEqual({ mime_type: "image/png", data: "QUJD", type: "image" });
  });

  it("is a bug when only the hash is there", () => {
    expect(() => encodeContent({ type: "audio", blob: "0".repeat(64) })).toThrow("audio");
  });
});

describe("legacy outputs", () => {
  it("open up what the model said and keep its other steps, but never the user's words", () => {
    const steps: Step[] = [
      { type: "user_input", content: [{ type: "text", text: "secret" }] },
      { type: "thought", signature: { value: "QUJD" } },
      {
        type: "model_output",
        content: [
          { type: "text", text: "a" },
          { type: "audio", data: "QUJD", sample_rate: 24000 },
        ],
      },
      { type: "tool_result", tool: "file_search", call_id: "p", signature: { value: "REVG" } },
    ];
    expect(encodeOutputs(steps)).toStrictEqual([
      { signature: "QUJD", type: "thought" },
      { text: "a", type: "text" },
      { data: "QUJD", sample_rate: 24000, type: "audio" },
      { call_id: "p", type: "file_search_result", signature: "REVG" },
    ]);
  });

  it("become turns for a normalised input, with function results on the user's side", () => {
    const steps: Step[] = [
      { type: "user_input", content: [{ type: "text", text: "hi" }] },
      cutCall,
      { type: "tool_result", tool: "function", call_id: "c", name: "f", result: { type: "text", text: "r" } },
    ];
    expect(encodeTurns(steps).map((turn) => turn.role)).toEqual(["user", "model", "user"]);
    expect(encodeTurns(steps)[2]).toStrictEqual({
      role: "user",
      content: [{ call_id: "c", type: "function_result", name: "f", result: "r" }],
    });
  });
});
