import type { ModalityTokens, Usage } from "../../../schema/core/usage.ts";
import type { WireModalityCount, WireUsage } from "./wire.ts";

/**
 * What an answer cost, from the last count of each request that it took. Where the upstream does not count the output, it
 * is what the total leaves; the total itself is always the sum of its parts.
 */
export function toUsage(counts: readonly WireUsage[]): Usage | undefined {
  if (counts.length === 0) return undefined;
  const sum = (amount: (count: WireUsage) => number): number => counts.reduce((all, count) => all + amount(count), 0);
  const total_input_tokens = sum(inputOf);
  const total_output_tokens = sum(outputOf);
  const total_thought_tokens = sum(thoughtOf);
  const total_tool_use_tokens = sum(toolUseOf);
  const usage: Usage = {
    total_tokens: total_input_tokens + total_output_tokens + total_thought_tokens + total_tool_use_tokens,
    total_input_tokens,
    total_cached_tokens: sum(({ cachedContentTokenCount = 0 }) => cachedContentTokenCount),
    total_output_tokens,
    total_tool_use_tokens,
    total_thought_tokens,
  };
  const input = byModality(counts, "promptTokensDetails");
  const cached = byModality(counts, "cacheTokensDetails");
  const output = byModality(counts, "candidatesTokensDetails");
  const toolUse = byModality(counts, "toolUsePromptTokensDetails");
  if (input !== undefined) usage.input_tokens_by_modality = input;
  if (cached !== undefined) usage.cached_tokens_by_modality = cached;
  if (output !== undefined) usage.output_tokens_by_modality = output;
  if (toolUse !== undefined) usage.tool_use_tokens_by_modality = toolUse;
  return usage;
}

const inputOf = ({ promptTokenCount = 0 }: WireUsage): number => promptTokenCount;
const thoughtOf = ({ thoughtsTokenCount = 0 }: WireUsage): number => thoughtsTokenCount;
const toolUseOf = ({ toolUsePromptTokenCount = 0 }: WireUsage): number => toolUsePromptTokenCount;

function outputOf(count: WireUsage): number {
  const { candidatesTokenCount, totalTokenCount = 0 } = count;
  return candidatesTokenCount ?? Math.max(0, totalTokenCount - inputOf(count) - thoughtOf(count) - toolUseOf(count));
}

type Details = {
  [Key in keyof WireUsage]: WireUsage[Key] extends WireModalityCount[] | undefined ? Key : never;
}[keyof WireUsage];

function byModality(counts: readonly WireUsage[], details: NonNullable<Details>): ModalityTokens[] | undefined {
  const tokens = new Map<string, number>();
  for (const count of counts) {
    for (const { modality = "text", tokenCount = 0 } of count[details] ?? []) {
      const name = modality.toLowerCase();
      tokens.set(name, (tokens.get(name) ?? 0) + tokenCount);
    }
  }
  return tokens.size === 0 ? undefined : [...tokens].map(([modality, count]) => ({ modality, tokens: count }));
}
