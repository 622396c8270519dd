import type { HubError } from "../core/error.ts";
import type { JsonObject } from "../core/json.ts";
import type { ToolCall, ToolName, ToolResult } from "../core/step.ts";
import { contentTypes } from "./decode-content.ts";
import { decodeOutcome } from "./decode-outcome.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { booleanMember, objectMember, ownMember, stringMember, unknownMembers } from "./members.ts";
import { nearestName } from "./nearest-name.ts";
import { memberPath, missingMember, unsupportedType } from "./refusals.ts";
import { spokenStepTypes, toolStepTypes } from "./step-types.ts";

const callMembers = new Set(["type", "id", "name", "server_name", "arguments", "arguments_text", "signature"]);
const functionCallMembers = new Set([...callMembers, "args"]);
const resultMembers = new Set(["type", "call_id", "name", "server_name", "result", "is_error", "signature"]);
const functionResultMembers = new Set([...resultMembers, "id"]);

const toolTypes = [...toolStepTypes.keys()];

/** Every wire type that can stand in a list of steps or contents. */
const inputTypes: readonly string[] = [...contentTypes, ...spokenStepTypes, ...toolTypes];

/**
 * A tool's call or result. A type that is not known but reads like one (`…_call`, `…_result`) is kept whole, so that a
 * newer tool's steps survive a replay. Every other type that is not known is kept whole too, as if it were a call, and
 * entered in `unknown`: it may be misspelt.
 *
 * Two aliases of the legacy revision are read, because the OGX project's test suite sends them: `args` for the `arguments`
 * of a `function_call`, and `function_response` for `function_result`, with `id` for `call_id`.
 */
export function decodeToolStep(
  object: JsonObject,
  type: string,
  path: string,
  unknown: Unknown,
): ToolCall | ToolResult {
  if (type === "function_response") return decodeResponse(object, path, unknown);
  const known = toolStepTypes.get(type);
  if (known?.kind === "tool_call") return decodeCall(object, known.tool, path);
  if (known?.kind === "tool_result") return decodeResult(object, known.tool, path, unknown);
  if (!readsLikeTool(type)) keepUnknown(unsupportedItem(type, path), unknown);
  return keptStep(object, type);
}

/** Whether a type that is not known reads like the call or the result of a newer tool, and not like a slip. */
export function readsLikeTool(type: string): boolean {
  return /_(?:call|result)$/.test(type) && nearestName(type, toolTypes) === undefined;
}

/** The refusal of what is neither a step nor a content that the hub knows. */
export function unsupportedItem(type: string, path: string): HubError {
  return unsupportedType(type, path, inputTypes);
}

/** A step as it came, of a type that is not known or that does not have what its type needs. */
export function keptStep(raw: JsonObject, type: string): ToolCall | ToolResult {
  return type.endsWith("_result")
    ? { type: "tool_result", tool: "other", call_id: textOf(raw, "call_id"), raw }
    : { type: "tool_call", tool: "other", call_id: textOf(raw, "id"), raw };
}

function decodeCall(object: JsonObject, tool: ToolName, path: string): ToolCall {
  const id = stringMember(object, "id", path);
  if (id === undefined) throw missingMember("id", path);
  const step: ToolCall = { type: "tool_call", tool, call_id: id };
  readNames(object, step, path);
  const isAliased = tool === "function" && ownMember(object, "arguments") === undefined;
  const members = objectMember(object, isAliased ? "args" : "arguments", path);
  const text = stringMember(object, "arguments_text", path);
  // The hub writes the text of arguments that were cut beside an empty object, which then says nothing.
  if (members !== undefined && (text === undefined || Object.keys(members).length > 0)) step.arguments = members;
  if (text !== undefined) step.arguments_text = text;
  readSignature(object, step, path);
  const extra = unknownMembers(object, isAliased ? functionCallMembers : callMembers);
  if (extra !== undefined) step.extra = extra;
  return step;
}

function decodeResult(object: JsonObject, tool: ToolName, path: string, unknown: Unknown): ToolResult {
  // An `id` beside a `call_id` is no alias but a member of its own.
  const isAliased = tool === "function" && ownMember(object, "call_id") === undefined;
  const id = stringMember(object, isAliased ? "id" : "call_id", path);
  if (id === undefined) throw missingMember("call_id", path);
  const step: ToolResult = { type: "tool_result", tool, call_id: id };
  readNames(object, step, path);
  const result = ownMember(object, "result");
  if (result !== undefined) step.result = decodeOutcome(tool, result, memberPath(path, "result"), unknown);
  const isError = booleanMember(object, "is_error", path);
  if (isError !== undefined) step.is_error = isError;
  readSignature(object, step, path);
  const extra = unknownMembers(object, isAliased ? functionResultMembers : resultMembers);
  if (extra !== undefined) step.extra = extra;
  return step;
}

function decodeResponse(object: JsonObject, path: string, unknown: Unknown): ToolResult {
  if (ownMember(object, "result") !== undefined) return decodeResult(object, "function", path, unknown);
  const { response, ...rest } = object;
  return decodeResult(response === undefined ? rest : { ...rest, result: response }, "function", path, unknown);
}

function readNames(object: JsonObject, step: ToolCall | ToolResult, path: string): void {
  const name = stringMember(object, "name", path);
  if (name !== undefined) step.name = name;
  const serverName = stringMember(object, "server_name", path);
  if (serverName !== undefined) step.server_name = serverName;
}

function readSignature(object: JsonObject, step: ToolCall | ToolResult, path: string): void {
  const signature = stringMember(object, "signature", path);
  if (signature !== undefined) step.signature = { value: signature };
}

function textOf(object: JsonObject, name: string): string {
  const value = ownMember(object, name);
  return typeof value === "string" ? value : "";
}
