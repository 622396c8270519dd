import type { JsonObject } from "../core/json.ts";
import type { Step } from "../core/step.ts";
import { turnsOf } from "../core/turn.ts";
import { encodeContent } from "./encode-content.ts";
import { encodeStep } from "./encode-step.ts";
import { legacyView } from "./legacy-view.ts";

/**
 * Steps as the flat list of contents that the legacy revision calls `outputs`: what the model said is opened up, every
 * other step is a content of its own with the members that it has as a step. User input never shows here, nor what this
 * revision has no type for (see `legacyView`); members of a `model_output` that the hub does not know have no object here
 * that could carry them.
 */
export function encodeOutputs(steps: readonly Step[]): JsonObject[] {
  return inLegacyView(steps).flatMap((step) => (step.type === "user_input" ? [] : encodeContents(step)));
}

/** Steps as the turns of the legacy revision's normalised `input`. */
export function encodeTurns(steps: readonly Step[]): JsonObject[] {
  return turnsOf(inLegacyView(steps)).map((turn) => ({ role: turn.role, content: turn.steps.flatMap(encodeContents) }));
}

function inLegacyView(steps: readonly Step[]): Step[] {
  return steps.map(legacyView).filter((step) => step !== undefined);
}

function encodeContents(step: Step): JsonObject[] {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return step.content.map(encodeContent);
    case "thought":
    case "tool_call":
    case "tool_result":
      return [encodeStep(step)];
    default:
      return step satisfies never;
  }
}
