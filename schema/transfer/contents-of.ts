import type { Content } from "../core/content.ts";
import type { Event } from "../core/event.ts";
import type { Step } from "../core/step.ts";

/** The contents of a step, in their order. */
export function contentsOfStep(step: Step): readonly Content[] {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return step.content;
    case "thought":
      return step.summary ?? [];
    case "tool_result":
      return step.result?.type === "content" ? step.result.content : [];
    case "tool_call":
      return [];
    default:
      return step satisfies never;
  }
}

/** The contents that an event brings, in their order. */
export function contentsOfEvent(event: Event): readonly Content[] {
  if (event.type === "step.start") return contentsOfStep(event.step);
  if (event.type !== "step.delta") return [];
  const { delta } = event;
  if (delta.type === "content" || delta.type === "summary") return [delta.content];
  return delta.type === "result" && delta.result?.type === "content" ? delta.result.content : [];
}
