import type { JsonObject } from "../core/json.ts";
import type { ModelOutput, Step } from "../core/step.ts";
import { turnsOf } from "../core/turn.ts";
import { encodeContent } from "./encode-content.ts";
import { encodeStep } from "./encode-step.ts";

/**
 * Steps as the flat list of contents that the legacy revision calls `outputs`: what the model said is opened up, every
 * other step is a content of its own with the members that it has as a step. User input never shows here.
 *
 * Steps that the legacy revision has no type for (`retrieval_*`, `processing_*`, newer ones) are kept under the type they
 * have. Its clients do not validate contents, they select by type; and they send `outputs` back as the model's turn, where
 * a dropped step would break the next call (a `processing_result` must come back with its signature).
 */
export function encodeOutputs(steps: readonly Step[]): JsonObject[] {
  return steps.flatMap((step) => (step.type === "user_input" ? [] : encodeContents(step)));
}

/**
 * The error by which a model's output broke off, as a content of the unknown type `model_output`: a flat list has no
 * object that could carry it, and text that looks whole but is not would be worse. Other members of a `model_output` that
 * the hub does not know are left out here, because their object does not exist in this revision.
 */
export function brokenOutput(step: ModelOutput): JsonObject[] {
  return step.error === undefined ? [] : [{ error: step.error, type: step.type }];
}

/** Steps as the turns of the legacy revision's normalised `input`. */
export function encodeTurns(steps: readonly Step[]): JsonObject[] {
  return turnsOf(steps).map((turn) => ({ role: turn.role, content: turn.steps.flatMap(encodeContents) }));
}

function encodeContents(step: Step): JsonObject[] {
  switch (step.type) {
    case "user_input":
      return step.content.map(encodeContent);
    case "model_output":
      return [...step.content.map(encodeContent), ...brokenOutput(step)];
    case "thought":
    case "tool_call":
    case "tool_result":
      return [encodeStep(step)];
    default:
      return step satisfies never;
  }
}
