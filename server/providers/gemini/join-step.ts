import type { Content } from "../../../schema/core/content.ts";
import type { Delta } from "../../../schema/core/event.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { ModelOutput, Signature, Step, Thought, ToolCall, ToolResult } from "../../../schema/core/step.ts";

/**
 * What is missing of a step of which a part has been said: the deltas from there to the whole. `undefined` where the part
 * is no part of it.
 */
export function joinStep(part: Step, whole: Step): Delta[] | undefined {
  switch (part.type) {
    case "model_output":
      return whole.type === "model_output" ? missingOutput(part, whole) : undefined;
    case "thought":
      return whole.type === "thought" ? missingThought(part, whole) : undefined;
    case "tool_call":
      return whole.type === "tool_call" && isSame(part, whole) ? missingCall(part, whole) : undefined;
    case "tool_result":
      return whole.type === "tool_result" && isSame(part, whole) ? missingResult(part, whole) : undefined;
    case "user_input":
      return whole.type === "user_input" ? [] : undefined;
    default:
      return part satisfies never;
  }
}

function isSame(part: ToolCall | ToolResult, whole: ToolCall | ToolResult): boolean {
  return part.tool === whole.tool && part.call_id === whole.call_id;
}

function missingOutput(part: ModelOutput, whole: ModelOutput): Delta[] | undefined {
  const said = part.content.length;
  if (said > whole.content.length) return undefined;
  const last = part.content.at(-1);
  const continued = last === undefined ? [] : missingContent(last, whole.content[said - 1]);
  const rest = whole.content.slice(said).map((content): Delta => ({ type: "content", content }));
  return continued && [...continued, ...rest];
}

/** Only a text can have been said in part. */
function missingContent(part: Content, whole: Content | undefined): Delta[] | undefined {
  if (whole === undefined || whole.type !== part.type) return undefined;
  if (part.type !== "text" || whole.type !== "text") return [];
  if (!whole.text.startsWith(part.text)) return undefined;
  const deltas: Delta[] = [];
  if (whole.text.length > part.text.length) deltas.push({ type: "text", text: whole.text.slice(part.text.length) });
  const annotations = (whole.annotations ?? []).slice(part.annotations?.length ?? 0);
  if (annotations.length > 0) deltas.push({ type: "annotations", annotations });
  return deltas;
}

function missingThought(part: Thought, whole: Thought): Delta[] {
  const summary = (whole.summary ?? []).slice(part.summary?.length ?? 0);
  return [...summary.map((content): Delta => ({ type: "summary", content })), ...missingSignature(part, whole)];
}

function missingCall(part: ToolCall, whole: ToolCall): Delta[] | undefined {
  const { arguments: given = {} } = whole;
  const signed = missingSignature(part, whole);
  if (part.arguments_text !== undefined && part.arguments_text !== "") {
    const text = textAfter(part.arguments_text, given);
    if (text === undefined) return undefined;
    return text === "" ? signed : [{ type: "arguments", text }, ...signed];
  }
  const isWhole = whole.arguments === undefined || JSON.stringify(part.arguments) === JSON.stringify(given);
  return isWhole ? signed : [{ type: "call", arguments: given }, ...signed];
}

function missingResult(part: ToolResult, whole: ToolResult): Delta[] {
  const { result, is_error } = whole;
  const signed = missingSignature(part, whole);
  if (part.result !== undefined || (result === undefined && is_error === undefined)) return signed;
  const told = { ...(result === undefined ? {} : { result }), ...(is_error === undefined ? {} : { is_error }) };
  return [{ type: "result", ...told }, ...signed];
}

function missingSignature(part: { signature?: Signature }, { signature }: { signature?: Signature }): Delta[] {
  if (signature === undefined || signature.value === "" || signature.value === part.signature?.value) return [];
  return [{ type: "signature", signature }];
}

/**
 * The JSON text of some arguments after what was said of it, which may have other white space than the one that is written
 * here; `undefined` where it says something else.
 */
function textAfter(said: string, given: JsonObject): string | undefined {
  const text = JSON.stringify(given);
  let place = 0;
  let isQuoted = false;
  for (let index = 0; index < said.length; index += 1) {
    if (!isQuoted && /\s/.test(said.charAt(index))) continue;
    if (said[index] !== text[place]) return undefined;
    if (said[index] === '"') isQuoted = !isQuoted;
    // What is escaped neither opens nor closes a string.
    if (said[index] === "\\" && said[index + 1] === text[place + 1]) {
      index += 1;
      place += 1;
    }
    place += 1;
  }
  return text.slice(place);
}
