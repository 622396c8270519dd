import type { Content } from "../../../schema/core/content.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { ModalityTokens, Usage } from "../../../schema/core/usage.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import type { Plan } from "./plan.ts";
import { contentTokens, outcomeTokens, textTokens } from "./tokens.ts";

type Counts = Map<string, number>;

/** What a call cost: input with its history, output, thinking, and what the provider's own tools brought in. */
export function usageOf(call: ModelCall, plan: Plan): Usage {
  const input: Counts = new Map();
  for (const step of call.history) count(step, input);
  for (const step of call.input) count(step, input);
  const { system_instruction: instruction, tools } = call.settings;
  if (instruction !== undefined) add(input, "text", textTokens(instruction));
  if (tools !== undefined && tools.length > 0) add(input, "text", textTokens(JSON.stringify(tools)));

  const output: Counts = new Map();
  const brought: Counts = new Map();
  for (const step of plan.steps) {
    if (step.type === "tool_result") count(step, brought);
    else if (step.type === "tool_call" && step.tool !== "function") count(step, brought);
    else if (step.type !== "thought") count(step, output);
  }
  const [total_input_tokens, total_output_tokens, total_tool_use_tokens] = [sum(input), sum(output), sum(brought)];
  const usage: Usage = {
    total_tokens: total_input_tokens + total_output_tokens + total_tool_use_tokens + plan.thoughtTokens,
    total_input_tokens,
    input_tokens_by_modality: byModality(input),
    total_cached_tokens: 0,
    total_output_tokens,
    total_tool_use_tokens,
    total_thought_tokens: plan.thoughtTokens,
  };
  if ([...output.keys()].some((modality) => modality !== "text")) usage.output_tokens_by_modality = byModality(output);
  if (total_tool_use_tokens > 0) usage.tool_use_tokens_by_modality = byModality(brought);
  if (plan.searches > 0) usage.grounding_tool_count = [{ type: "google_search", count: plan.searches }];
  return usage;
}

function count(step: Step, counts: Counts): void {
  switch (step.type) {
    case "user_input":
    case "model_output":
      for (const content of step.content) countContent(content, counts);
      return;
    case "thought":
      return;
    case "tool_call":
      add(counts, "text", textTokens(`${step.name ?? ""}${JSON.stringify(step.arguments ?? {})}`));
      return;
    case "tool_result":
      if (step.result?.type === "content") for (const content of step.result.content) countContent(content, counts);
      else add(counts, "text", outcomeTokens(step.result));
      return;
    default:
      step satisfies never;
  }
}

function countContent(content: Content, counts: Counts): void {
  add(counts, content.type, contentTokens(content));
}

function add(counts: Counts, modality: string, tokens: number): void {
  counts.set(modality, (counts.get(modality) ?? 0) + tokens);
}

function sum(counts: Counts): number {
  let total = 0;
  for (const tokens of counts.values()) total += tokens;
  return total;
}

function byModality(counts: Counts): ModalityTokens[] {
  return [...counts].map(([modality, tokens]) => ({ modality, tokens }));
}
