import { describe, expect, it } from "vitest";
import { addUsage } from "../../../schema/core/add-usage.ts";

describe("the usage of two runs", () => {
  it("adds every counter, by modality and by kind of grounding too", () => {
    const one = {
      total_tokens: 10,
      total_input_tokens: 4,
      input_tokens_by_modality: [{ modality: "text", tokens: 4 }],
      total_output_tokens: 5,
      total_thought_tokens: 1,
      grounding_tool_count: [{ type: "google_search", count: 1 }],
    };
    const other = {
      total_tokens: 20,
      total_input_tokens: 12,
      input_tokens_by_modality: [
        { modality: "image", tokens: 8 },
        { modality: "text", tokens: 4 },
      ],
      total_cached_tokens: 2,
      total_output_tokens: 8,
      total_tool_use_tokens: 0,
      grounding_tool_count: [
        { type: "google_search", count: 2 },
        { type: "google_maps", count: 1 },
      ],
    };
    expect(addUsage(one, other)).toEqual({
      total_tokens: 30,
      total_input_tokens: 16,
      input_tokens_by_modality: [
        { modality: "text", tokens: 8 },
        { modality: "image", tokens: 8 },
      ],
      total_cached_tokens: 2,
      total_output_tokens: 13,
      total_tool_use_tokens: 0,
      total_thought_tokens: 1,
      grounding_tool_count: [
        { type: "google_search", count: 3 },
        { type: "google_maps", count: 1 },
      ],
    });
  });

  it("is that of the only one that tells it", () => {
    expect(addUsage(undefined, { total_tokens: 3 })).toEqual({ total_tokens: 3 });
    expect(addUsage({ total_tokens: 3 }, undefined)).toEqual({ total_tokens: 3 });
    expect(addUsage(undefined, undefined)).toBeUndefined();
  });

  it("adds counters that the hub does not know, goes on with their lists, and keeps the latest of the rest", () => {
    const one = { extra: { raw_prompt_token: 3, invocations: [{ a: 1 }], tier: "one", only: true } };
    const other = { extra: { raw_prompt_token: 4, invocations: [{ b: 2 }], tier: "two" } };
    expect(addUsage(one, other)).toEqual({
      extra: { raw_prompt_token: 7, invocations: [{ a: 1 }, { b: 2 }], tier: "two", only: true },
    });
  });
});
