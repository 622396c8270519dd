import { Annotation, type Content } from "../../../schema/core/content.ts";
import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { Step } from "../../../schema/core/step.ts";
import { decodeContent } from "../../../schema/interactions/decode-content.ts";
import { decodeStep } from "../../../schema/interactions/decode-step.ts";
import { keptStep } from "../../../schema/interactions/decode-tool-step.ts";
import { textOf } from "./wire.ts";

// What Google says is never refused: whatever the hub cannot read is kept as it came.

/** A content of an answer. */
export function decodeAnswerContent(wire: JsonValue): Content {
  return unless(
    () => decodeContent(wire, "content", []),
    () => ({ type: "other", raw: isJsonObject(wire) ? wire : { value: wire } }),
  );
}

/** The annotations of a text, those that are none left out, and of the others a kind or a place that is none. */
export function decodeAnnotations(wire: JsonValue | undefined): Annotation[] {
  return Array.isArray(wire) ? wire.filter(isJsonObject).map(decodeAnnotation) : [];
}

function decodeAnnotation(wire: JsonObject): Annotation {
  if (Annotation.safeParse(wire).success) return wire;
  return Object.fromEntries(Object.entries(wire).filter(([name, value]) => isSound(name, value)));
}

function isSound(name: string, value: JsonValue): boolean {
  return Annotation.safeParse({ [name]: value }).success;
}

/** A step of an answer, whole or as it starts, signed by whoever gave it. */
export function decodeAnswerStep(wire: JsonObject, upstream: string): Step {
  const step = unless(
    () => decodeStep(wire, "step", []),
    () => pieceByPiece(wire),
  );
  if (!("signature" in step) || step.signature === undefined) return step;
  return { ...step, signature: { ...step.signature, provider: upstream } };
}

/** A step in which something is not as it should be. What is said goes on in deltas, so its kind must stay. */
function pieceByPiece(wire: JsonObject): Step {
  const { type, content, summary, signature, ...rest } = wire;
  switch (type) {
    case "user_input":
    case "model_output":
      return { type, content: contentsOf(content), ...extraOf(rest) };
    case "thought": {
      const value = textOf(signature);
      return {
        type,
        ...(summary === undefined ? {} : { summary: contentsOf(summary) }),
        ...(value === undefined ? {} : { signature: { value } }),
        ...extraOf(rest),
      };
    }
    default:
      return keptStep(wire, String(type));
  }
}

function contentsOf(wire: JsonValue | undefined): Content[] {
  if (wire === undefined || wire === null) return [];
  return (Array.isArray(wire) ? wire : [wire]).map(decodeAnswerContent);
}

function extraOf(members: JsonObject): { extra?: JsonObject } {
  return Object.keys(members).length === 0 ? {} : { extra: members };
}

function unless<T>(decode: () => T, otherwise: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof HubError) return otherwise();
    throw error;
  }
}
