import type { Content, TextContent } from "./content.ts";
import type { Delta } from "./event.ts";
import type { JsonObject } from "./json.ts";
import { restOfJson } from "./rest-of-json.ts";
import { isSameJson } from "./same-json.ts";
import type { Signature, Step, ToolCall, ToolResult } from "./step.ts";

/**
 * What is missing of a step of which a part was said: the deltas from that part to `whole`, which is the same step said again,
 * wholly or, if it may still grow, as far as it has come. How either was cut into deltas does not count. `undefined` where
 * `whole` does not hold all that was said, or says something else.
 */
export function restOfStep(said: Step, whole: Step, mayGrow = false): Delta[] | undefined {
  switch (said.type) {
    case "user_input":
      return isSameJson(said, whole) ? [] : undefined;
    case "model_output":
      if (whole.type !== "model_output" || !isSame(said.error, whole.error)) return undefined;
      return joined(
        restOfContents(said.content, whole.content, (text) => ({ type: "text", text }), asContent),
        restOfExtra(said, whole),
      );
    case "thought": {
      if (whole.type !== "thought") return undefined;
      // Each piece of a summary is a content, so where they were cut does not count either.
      const [before, after] = [joinTexts(said.summary ?? []), joinTexts(whole.summary ?? [])];
      const summary = restOfContents(before, after, (text) => asSummary({ type: "text", text }), asSummary);
      return joined(summary, restOfExtra(said, whole), restOfSignature(said, whole));
    }
    case "tool_call":
      return whole.type === "tool_call" && isSameTool(said, whole)
        ? joined(restOfArguments(said, whole, mayGrow), restOfExtra(said, whole), restOfSignature(said, whole))
        : undefined;
    case "tool_result":
      return whole.type === "tool_result" && isSameTool(said, whole)
        ? joined(restOfResult(said, whole), restOfExtra(said, whole), restOfSignature(said, whole))
        : undefined;
    default:
      return said satisfies never;
  }
}

function joined(...parts: readonly (Delta[] | undefined)[]): Delta[] | undefined {
  const deltas: Delta[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    deltas.push(...part);
  }
  return deltas;
}

/** Whether a member that may not have been said is the same. */
function isSame(said: unknown, whole: unknown): boolean {
  return said === undefined || isSameJson(said, whole);
}

function isSameTool(said: ToolCall | ToolResult, whole: ToolCall | ToolResult): boolean {
  return (
    said.tool === whole.tool &&
    said.call_id === whole.call_id &&
    isSame(said.name, whole.name) &&
    isSame(said.server_name, whole.server_name)
  );
}

type Extended = { raw?: JsonObject | undefined; extra?: JsonObject | undefined };

/** Members that the hub does not know, wherever they are kept. An empty signature only holds the place of one. */
function restOfExtra(said: Extended, whole: Step & Extended): Delta[] | undefined {
  const before = { ...said.raw, ...said.extra };
  const after = { ...whole.raw, ...whole.extra };
  const isSigned = ([name, value]: [string, unknown]) => name !== "signature" || value !== "";
  if (
    Object.entries(before)
      .filter(isSigned)
      .some(([name, value]) => !isSameJson(value, after[name]))
  )
    return undefined;
  const added = Object.entries(after).filter(([name, value]) => !isSameJson(value, before[name]));
  return added.length === 0 ? [] : [{ type: "other", raw: { type: whole.type, ...Object.fromEntries(added) } }];
}

const asContent = (content: Content): Delta => ({ type: "content", content });
const asSummary = (content: Content): Delta => ({ type: "summary", content });

/** Only of the last content a part can have been said, and only of a text. */
function restOfContents(
  said: readonly Content[],
  whole: readonly Content[],
  sayText: (text: string) => Delta,
  say: (content: Content) => Delta,
): Delta[] | undefined {
  const last = said.at(-1);
  if (last === undefined) return whole.map(say);
  const place = said.length - 1;
  const again = whole[place];
  if (again === undefined) return undefined;
  const rest = last.type === "text" && again.type === "text" ? restOfText(last, again, sayText) : sameOnly(last, again);
  const isBefore = rest !== undefined && said.slice(0, -1).every((content, index) => isSameJson(content, whole[index]));
  return isBefore ? [...rest, ...whole.slice(said.length).map(say)] : undefined;
}

function sameOnly(said: Content, whole: Content): Delta[] | undefined {
  return isSameJson(said, whole) ? [] : undefined;
}

function restOfText(said: TextContent, whole: TextContent, sayText: (text: string) => Delta): Delta[] | undefined {
  const [before, after] = [said.annotations ?? [], whole.annotations ?? []];
  if (!whole.text.startsWith(said.text) || !isSame(said.extra, whole.extra)) return undefined;
  if (before.some((annotation, index) => !isSameJson(annotation, after[index]))) return undefined;
  const deltas: Delta[] = [];
  if (whole.text.length > said.text.length) deltas.push(sayText(whole.text.slice(said.text.length)));
  const annotations = after.slice(before.length);
  if (annotations.length > 0) deltas.push({ type: "annotations", annotations });
  return deltas;
}

/** Neighbouring texts as one, where nothing but their words would be lost. */
function joinTexts(contents: readonly Content[]): Content[] {
  const joined: Content[] = [];
  for (const content of contents) {
    const last = joined.at(-1);
    if (last !== undefined && isPlainText(last) && isPlainText(content))
      joined[joined.length - 1] = { type: "text", text: last.text + content.text };
    else joined.push(content);
  }
  return joined;
}

function isPlainText(content: Content): content is TextContent {
  return content.type === "text" && content.annotations === undefined && content.extra === undefined;
}

function restOfArguments(said: ToolCall, whole: ToolCall, mayGrow: boolean): Delta[] | undefined {
  const { arguments_text: text = "", arguments: given } = said;
  const isGiven = given !== undefined && Object.keys(given).length > 0;
  if (text !== "") {
    // Empty arguments stand at the start of a call until their text comes.
    if (mayGrow && whole.arguments_text === undefined && Object.keys(whole.arguments ?? {}).length === 0)
      return undefined;
    const rest =
      whole.arguments_text === undefined ? restOfJson(text, whole.arguments ?? {}) : after(text, whole.arguments_text);
    if (rest === undefined) return undefined;
    return rest === "" ? [] : [{ type: "arguments", text: rest }];
  }
  if (whole.arguments_text !== undefined && whole.arguments_text !== "")
    return isGiven ? undefined : [{ type: "arguments", text: whole.arguments_text }];
  if (isGiven || whole.arguments === undefined) return isSame(given, whole.arguments ?? {}) ? [] : undefined;
  return isSameJson(given, whole.arguments) ? [] : [{ type: "call", arguments: whole.arguments }];
}

function after(said: string, whole: string): string | undefined {
  return whole.startsWith(said) ? whole.slice(said.length) : undefined;
}

function restOfResult(said: ToolResult, whole: ToolResult): Delta[] | undefined {
  if (!isSame(said.result, whole.result) || !isSame(said.is_error, whole.is_error)) return undefined;
  const { result, is_error } = whole;
  const told: Delta = {
    type: "result",
    ...(said.result !== undefined || result === undefined ? {} : { result }),
    ...(said.is_error !== undefined || is_error === undefined ? {} : { is_error }),
  };
  return Object.keys(told).length === 1 ? [] : [told];
}

type Signed = { signature?: Signature | undefined };

/** An empty signature only holds the place of one. */
function restOfSignature({ signature: said }: Signed, { signature: whole }: Signed): Delta[] | undefined {
  if (said === undefined || said.value === "")
    return whole === undefined || whole.value === "" ? [] : [{ type: "signature", signature: whole }];
  return said.value === whole?.value ? [] : undefined;
}
