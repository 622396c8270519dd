import type { UsageTotals } from "../archive.ts";
import type { Usage } from "../core/usage.ts";

/** What several interactions cost together. */
export function totalsOf(usages: readonly (Usage | undefined)[]): UsageTotals {
  const totals: UsageTotals = {
    interactions: usages.length,
    total_tokens: 0,
    total_input_tokens: 0,
    total_cached_tokens: 0,
    total_output_tokens: 0,
    total_tool_use_tokens: 0,
    total_thought_tokens: 0,
  };
  for (const usage of usages) {
    totals.total_tokens += usage?.total_tokens ?? 0;
    totals.total_input_tokens += usage?.total_input_tokens ?? 0;
    totals.total_cached_tokens += usage?.total_cached_tokens ?? 0;
    totals.total_output_tokens += usage?.total_output_tokens ?? 0;
    totals.total_tool_use_tokens += usage?.total_tool_use_tokens ?? 0;
    totals.total_thought_tokens += usage?.total_thought_tokens ?? 0;
  }
  return totals;
}
