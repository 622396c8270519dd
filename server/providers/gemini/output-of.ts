import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { WireInteraction } from "./wire.ts";

/** The steps of an interaction that are the answer: what a read shows begins with those that were sent, one of the lists. */
export function outputOf({ steps }: WireInteraction, inputs: readonly (readonly JsonObject[])[]): JsonObject[] {
  const shown = Array.isArray(steps) ? steps.filter(isJsonObject) : [];
  const isShown = (input: readonly JsonObject[]) => input.every((sent, index) => isSame(sent, shown[index]));
  const input = inputs.find((sent) => sent.length > 0 && isShown(sent));
  if (input !== undefined) return shown.slice(input.length);
  // Google may join what was sent, or leave all but the words out.
  const first = shown.findIndex((step) => step.type !== "user_input");
  return first === -1 ? [] : shown.slice(first);
}

function isSame(sent: JsonObject, shown: JsonObject | undefined): boolean {
  return sent.type === shown?.type && sent.id === shown?.id && sent.call_id === shown?.call_id;
}
