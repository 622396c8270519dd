import type { Delta } from "../../../schema/core/event.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { Step, ToolCall, ToolResult } from "../../../schema/core/step.ts";
import { isContentType } from "../../../schema/interactions/decode-content.ts";
import { toolStepType } from "../../../schema/interactions/encode-step.ts";
import { decodeAnnotations, decodeAnswerContent, decodeAnswerStep } from "./decode-answer.ts";

/**
 * What a delta of Google's adds to the step that is open, in the hub's words. What does not fit the step or is not known is
 * kept whole, and so are members that only some of it has.
 */
export function decodeDelta(wire: JsonObject, open: Step, upstream: string): Delta[] {
  switch (open.type) {
    case "model_output":
      return outputDelta(wire);
    case "thought":
      return thoughtDelta(wire, upstream);
    case "tool_call":
      return wire.type === "arguments_delta" ? argumentsDelta(wire, upstream) : toolDelta(wire, open, upstream);
    case "tool_result":
      return toolDelta(wire, open, upstream);
    case "user_input":
      return [other(wire)];
    default:
      return open satisfies never;
  }
}

/** The step that a delta belongs to, where none was started. */
export function stepFor(wire: JsonObject): Step {
  const isThought = typeof wire.type === "string" && wire.type.startsWith("thought_");
  return isThought ? { type: "thought" } : { type: "model_output", content: [] };
}

function outputDelta(wire: JsonObject): Delta[] {
  const { type, text, annotations, ...rest } = wire;
  if (type === "text" && typeof text === "string") {
    return joined({ type: "text", text }, annotationsDelta(annotations), rest, "text");
  }
  if (type === "text_annotation_delta") return joined(annotationsDelta(annotations), undefined, rest, type);
  if (type !== "text" && isContentType(type)) return [{ type: "content", content: decodeAnswerContent(wire) }];
  return [other(wire)];
}

function thoughtDelta(wire: JsonObject, upstream: string): Delta[] {
  const { type, content, signature, ...rest } = wire;
  const summary: Delta | undefined =
    content === undefined || content === null ? undefined : { type: "summary", content: decodeAnswerContent(content) };
  if (type === "thought_summary") return joined(summary, signatureDelta(signature, upstream), rest, type);
  if (type === "thought_signature") return joined(signatureDelta(signature, upstream), summary, rest, type);
  return [other(wire)];
}

function argumentsDelta(wire: JsonObject, upstream: string): Delta[] {
  const { type, arguments: given, signature, ...rest } = wire;
  const signed = signatureDelta(signature, upstream);
  if (typeof given === "string") return joined({ type: "arguments", text: given }, signed, rest, "arguments_delta");
  if (isJsonObject(given)) return joined({ type: "call", arguments: given }, signed, rest, "arguments_delta");
  return joined(signed, undefined, rest, "arguments_delta");
}

/** The delta of a tool that Google runs is its step, without the id that the step began with. */
function toolDelta(wire: JsonObject, open: ToolCall | ToolResult, upstream: string): Delta[] {
  if (wire.type === "thought_signature") return thoughtDelta(wire, upstream);
  if (open.raw !== undefined || wire.type !== toolStepType(open)) return [other(wire)];
  const key = open.type === "tool_call" ? "id" : "call_id";
  const step = decodeAnswerStep({ ...wire, [key]: open.call_id }, upstream);
  if (step.type !== open.type || step.raw !== undefined) return [other(wire)];
  const { signature, extra: unknown } = step;
  const extra = { ...unknown, ...strangeNames(step, open) };
  const members = {
    ...(signature === undefined ? {} : { signature }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
  if (step.type === "tool_call") {
    const { arguments: given } = step;
    return [{ type: "call", ...(given === undefined ? {} : { arguments: given }), ...members }];
  }
  const { result, is_error } = step;
  const told = { ...(result === undefined ? {} : { result }), ...(is_error === undefined ? {} : { is_error }) };
  return [{ type: "result", ...told, ...members }];
}

/** Names that the step did not begin with; the hub's deltas have no place of their own for them. */
function strangeNames(step: ToolCall | ToolResult, open: ToolCall | ToolResult): JsonObject {
  const names: JsonObject = {};
  for (const name of ["name", "server_name"] as const) {
    const value = step[name];
    if (value !== undefined && value !== open[name]) names[name] = value;
  }
  return names;
}

function annotationsDelta(wire: JsonValue | undefined): Delta | undefined {
  const annotations = decodeAnnotations(wire);
  return annotations.length === 0 ? undefined : { type: "annotations", annotations };
}

function signatureDelta(wire: JsonValue | undefined, upstream: string): Delta | undefined {
  return typeof wire === "string" && wire !== ""
    ? { type: "signature", signature: { value: wire, provider: upstream } }
    : undefined;
}

/** One or two deltas of the hub's for one of Google's, and what else stood in it. */
function joined(first: Delta | undefined, second: Delta | undefined, rest: JsonObject, type: string): Delta[] {
  const deltas: Delta[] = [];
  if (first !== undefined) deltas.push(first);
  if (second !== undefined) deltas.push(second);
  for (const _ in rest) return [...deltas, other({ type, ...rest })];
  return deltas;
}

function other(raw: JsonObject): Delta {
  return { type: "other", raw };
}
