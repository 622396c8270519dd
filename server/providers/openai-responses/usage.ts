import type { JsonObject } from "../../../schema/core/json.ts";
import type { Usage } from "../../../schema/core/usage.ts";
import { numberIn, objectIn } from "../json-members.ts";

/**
 * What an answer cost. The upstream counts reasoning among its output, we do not. Its own total is not taken over: some
 * servers add up what they do not list. `searches` is how often the web was searched.
 */
export function usageOf(response: JsonObject, searches: number): Usage | undefined {
  const wire = objectIn(response, "usage");
  if (wire === undefined) return undefined;
  const input = countIn(wire, "input_tokens") ?? 0;
  const written = countIn(wire, "output_tokens") ?? 0;
  const thought = Math.min(countIn(objectIn(wire, "output_tokens_details"), "reasoning_tokens") ?? 0, written);
  const cached = countIn(objectIn(wire, "input_tokens_details"), "cached_tokens");
  const usage: Usage = {
    total_tokens: input + written,
    total_input_tokens: input,
    total_output_tokens: written - thought,
    total_thought_tokens: thought,
  };
  if (cached !== undefined) usage.total_cached_tokens = Math.min(cached, input);
  if (searches > 0) usage.grounding_tool_count = [{ type: "google_search", count: searches }];
  return usage;
}

function countIn(object: JsonObject | undefined, name: string): number | undefined {
  const count = object === undefined ? undefined : numberIn(object, name);
  return count === undefined || count < 0 ? undefined : count;
}
