import type { Content } from "../../schema/core/content.ts";
import type { Step } from "../../schema/core/step.ts";

/** The contents of a step that an upstream hears. */
export function contentsOf(step: Step): readonly Content[] {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return step.content;
    case "tool_result":
      return step.result?.type === "content" ? step.result.content : [];
    case "thought":
    case "tool_call":
      return [];
    default:
      return step satisfies never;
  }
}

/** The path of a content of a step, as the request has it. */
export function contentPath(step: Step, path: string, index: number): string {
  return `${path}.${step.type === "tool_result" ? "result" : "content"}[${index}]`;
}
