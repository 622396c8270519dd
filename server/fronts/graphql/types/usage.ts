import type { UsageTotals as TotalsOf } from "../../../../schema/archive.ts";
import { ModalityTokens, type Usage as UsageOf } from "../../../../schema/core/usage.ts";
import { modalityTokens, usage } from "../../../../schema/graphql/shapes.ts";
import { builder, type TypeOf } from "../builder.ts";
import { shapeType } from "../shape-fields.ts";

shapeType<ModalityTokens>(modalityTokens, ModalityTokens);

export const Usage = shapeType<UsageOf>(usage);

const counts = {
  interactions: "How many interactions these are.",
  total_tokens: "Input, output, thinking and tool use together.",
  total_input_tokens: "What the models were given.",
  total_cached_tokens: "The part of the input that was cached.",
  total_output_tokens: "What the models answered, without their thinking.",
  total_tool_use_tokens: "What the upstreams' own tools gave to the models.",
  total_thought_tokens: "What the models thought.",
} satisfies Record<keyof TotalsOf, string>;

/** Gives an object type the totals that its values have. */
export function addTotals<Source extends TotalsOf>(ref: TypeOf<Source>): void {
  builder.objectFields(ref, (t) => {
    const count = (member: keyof TotalsOf) =>
      t.field({ type: "SafeInt", description: counts[member], resolve: (totals) => totals[member] });
    return {
      interactions: count("interactions"),
      totalTokens: count("total_tokens"),
      totalInputTokens: count("total_input_tokens"),
      totalCachedTokens: count("total_cached_tokens"),
      totalOutputTokens: count("total_output_tokens"),
      totalToolUseTokens: count("total_tool_use_tokens"),
      totalThoughtTokens: count("total_thought_tokens"),
    };
  });
}

export const UsageTotals = builder.objectRef<TotalsOf>("UsageTotals");
UsageTotals.implement({
  description: "What several interactions cost together. What an upstream did not count adds nothing.",
});
addTotals(UsageTotals);
