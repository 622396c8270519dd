import type { JsonObject, JsonValue } from "../core/json.ts";
import type { Step, ToolCall, ToolOutcome, ToolResult } from "../core/step.ts";
import { encodeContent, withExtra } from "./encode-content.ts";
import { callTypeOf, resultTypeOf } from "./step-types.ts";

/** A whole step in the words of the steps revision. */
export function encodeStep(step: Step): JsonObject {
  switch (step.type) {
    case "user_input":
      return withExtra({ content: step.content.map(encodeContent), type: step.type }, step.extra);
    case "model_output": {
      const error: JsonObject = step.error === undefined ? {} : { error: step.error };
      return withExtra({ content: step.content.map(encodeContent), ...error, type: step.type }, step.extra);
    }
    case "thought": {
      const encoded: JsonObject = {};
      if (step.signature !== undefined) encoded.signature = step.signature.value;
      if (step.summary !== undefined) encoded.summary = step.summary.map(encodeContent);
      encoded.type = step.type;
      return withExtra(encoded, step.extra);
    }
    case "tool_call":
      return withRaw(step, encodeCall(step));
    case "tool_result":
      return withRaw(step, encodeResult(step));
    default:
      return step satisfies never;
  }
}

/** The wire type of a tool step. What is not known keeps the type that it came with. */
export function toolStepType(step: ToolCall | ToolResult): string {
  if (step.tool !== "other") return step.type === "tool_call" ? callTypeOf(step.tool) : resultTypeOf(step.tool);
  return typeof step.raw?.type === "string" ? step.raw.type : step.type;
}

/** What a tool gave back; the wire tells a string, any JSON and contents apart by their form. */
export function encodeOutcome(outcome: ToolOutcome): JsonValue {
  switch (outcome.type) {
    case "text":
      return outcome.text;
    case "json":
      return outcome.json;
    case "content":
      return outcome.content.map(encodeContent);
    default:
      return outcome satisfies never;
  }
}

function encodeCall(step: ToolCall): JsonObject {
  const encoded: JsonObject = { id: step.call_id, type: toolStepType(step) };
  if (step.server_name !== undefined) encoded.server_name = step.server_name;
  if (step.name !== undefined) encoded.name = step.name;
  if (step.arguments !== undefined) encoded.arguments = step.arguments;
  // A function's arguments are never absent on the wire, nor those of an MCP tool. Where their text was cut, the empty object
  // alone would look like a call without arguments, so the text is given beside it: clients ignore the member, people see
  // what happened.
  else if (step.tool === "function" || step.arguments_text !== undefined) encoded.arguments = {};
  if (step.arguments_text !== undefined && step.arguments_text !== "") encoded.arguments_text = step.arguments_text;
  if (step.signature !== undefined) encoded.signature = step.signature.value;
  return encoded;
}

function encodeResult(step: ToolResult): JsonObject {
  const encoded: JsonObject = { call_id: step.call_id, type: toolStepType(step) };
  if (step.server_name !== undefined) encoded.server_name = step.server_name;
  if (step.name !== undefined) encoded.name = step.name;
  if (step.result !== undefined) encoded.result = encodeOutcome(step.result);
  if (step.is_error !== undefined) encoded.is_error = step.is_error;
  if (step.signature !== undefined) encoded.signature = step.signature.value;
  return encoded;
}

/**
 * A step of an unknown tool is its raw object, with what later deltas added on top; the members that the hub reads out
 * of the raw object (the id) are not written a second time under a name of the hub's choosing.
 */
function withRaw(step: ToolCall | ToolResult, encoded: JsonObject): JsonObject {
  if (step.raw === undefined) return withExtra(encoded, step.extra);
  const { id: _id, call_id: _callId, ...learned } = encoded;
  return { ...step.raw, ...learned, ...step.extra, type: toolStepType(step) };
}
