import type { Content, TextContent } from "../../../schema/core/content.ts";
import type { ModelOutput, Step } from "../../../schema/core/step.ts";
import type { Plan } from "./plan.ts";
import { CHARACTERS_PER_TOKEN, contentTokens, outcomeTokens, textTokens } from "./tokens.ts";

/** The plan up to the first stop sequence in its answer, which itself is left out. */
export function stopAt(plan: Plan, sequences: readonly string[]): Plan {
  const stops = sequences.filter((sequence) => sequence !== "");
  if (stops.length === 0) return plan;
  for (const [place, step] of plan.steps.entries()) {
    if (step.type !== "model_output") continue;
    for (const [index, content] of step.content.entries()) {
      if (content.type !== "text") continue;
      const ends = stops.map((stop) => content.text.indexOf(stop)).filter((end) => end >= 0);
      if (ends.length === 0) continue;
      const kept = [...step.content.slice(0, index), shortened(content, Math.min(...ends))];
      return { ...plan, steps: [...plan.steps.slice(0, place), { ...step, content: kept }] };
    }
  }
  return plan;
}

/** The plan as far as it fits into so many tokens, thinking included. A call that does not fit whole is not made. */
export function cutTo(plan: Plan, mostTokens: number): Plan {
  if (plan.thoughtTokens >= mostTokens && plan.steps.length > 1) {
    const others = plan.steps.findIndex((step) => step.type !== "thought");
    return {
      ...plan,
      steps: plan.steps.slice(0, others < 0 ? undefined : others),
      thoughtTokens: mostTokens,
      cut: true,
    };
  }
  const steps: Step[] = [];
  let left = mostTokens - plan.thoughtTokens;
  for (const step of plan.steps) {
    const tokens = tokensOf(step);
    if (tokens <= left) {
      steps.push(step);
      left -= tokens;
      continue;
    }
    const part = step.type === "model_output" ? beginningOf(step, left) : undefined;
    return { ...plan, steps: part === undefined ? steps : [...steps, part], cut: true };
  }
  return plan;
}

function tokensOf(step: Step): number {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return step.content.reduce((sum, content) => sum + contentTokens(content), 0);
    case "thought":
      return 0;
    case "tool_call":
      // What the provider's own tools say is no output.
      return step.tool === "function" ? textTokens(`${step.name ?? ""}${JSON.stringify(step.arguments ?? {})}`) : 0;
    case "tool_result":
      return step.tool === "function" ? outcomeTokens(step.result) : 0;
    default:
      return step satisfies never;
  }
}

function beginningOf(step: ModelOutput, tokens: number): ModelOutput | undefined {
  const content: Content[] = [];
  let left = tokens;
  for (const each of step.content) {
    const needed = contentTokens(each);
    if (needed > left) {
      if (each.type === "text" && left > 0) content.push(shortened(each, left * CHARACTERS_PER_TOKEN));
      break;
    }
    content.push(each);
    left -= needed;
  }
  return content.length === 0 ? undefined : { ...step, content };
}

/** A text's beginning, not ending within a character, with those sources that support what is left. */
function shortened(content: TextContent, end: number): TextContent {
  const inCharacter = /[\uD800-\uDBFF]/.test(content.text.charAt(end - 1));
  const text = content.text.slice(0, inCharacter ? end - 1 : end);
  const { annotations, ...rest } = content;
  if (annotations === undefined) return { ...rest, text };
  const bytes = Buffer.byteLength(text);
  const kept = annotations.filter((annotation) => (annotation.end_index ?? 0) <= bytes);
  return kept.length === 0 ? { ...rest, text } : { ...rest, text, annotations: kept };
}
