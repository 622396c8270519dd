import type { UsageTotals } from "../schema/archive.ts";
import type { Usage } from "../schema/core/usage.ts";

/** The counts of one interaction. */
export function usageCounts(usage: Usage | undefined): UsageTotals {
  return {
    interactions: 1,
    total_tokens: usage?.total_tokens ?? 0,
    total_input_tokens: usage?.total_input_tokens ?? 0,
    total_cached_tokens: usage?.total_cached_tokens ?? 0,
    total_output_tokens: usage?.total_output_tokens ?? 0,
    total_tool_use_tokens: usage?.total_tool_use_tokens ?? 0,
    total_thought_tokens: usage?.total_thought_tokens ?? 0,
  };
}

/** Both together; `sign` is -1 to take the second away. */
export function addedCounts(one: UsageTotals, other: UsageTotals, sign: 1 | -1 = 1): UsageTotals {
  return {
    interactions: one.interactions + sign * other.interactions,
    total_tokens: one.total_tokens + sign * other.total_tokens,
    total_input_tokens: one.total_input_tokens + sign * other.total_input_tokens,
    total_cached_tokens: one.total_cached_tokens + sign * other.total_cached_tokens,
    total_output_tokens: one.total_output_tokens + sign * other.total_output_tokens,
    total_tool_use_tokens: one.total_tool_use_tokens + sign * other.total_tool_use_tokens,
    total_thought_tokens: one.total_thought_tokens + sign * other.total_thought_tokens,
  };
}

export const noCounts: UsageTotals = { ...usageCounts(undefined), interactions: 0 };
