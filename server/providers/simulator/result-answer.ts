import { isMedia } from "../../../schema/core/content.ts";
import type { JsonValue } from "../../../schema/core/json.ts";
import type { ToolResult } from "../../../schema/core/step.ts";
import { parsedJson } from "../parsed-json.ts";
import { type Conversation, callOf } from "./conversation.ts";
import { describeMedia } from "./media-note.ts";

/** So much of one result is said back. */
const TOLD_LENGTH = 20_000;

/** What the functions' results say, in words: which function, asked about what, and every value it gave back. */
export function answerFromResults(conversation: Conversation): string {
  return conversation.results.map((result) => tell(result, conversation)).join(" ");
}

/** The JSON that a result holds, be it written as JSON, as its text or as a text content. */
export function jsonOf(result: ToolResult): JsonValue | undefined {
  const outcome = result.result;
  switch (outcome?.type) {
    case undefined:
      return undefined;
    case "json":
      return outcome.json;
    case "text":
      return parsed(outcome.text);
    case "content": {
      const text = outcome.content.find((content) => content.type === "text");
      return text?.type === "text" ? parsed(text.text) : undefined;
    }
    default:
      return outcome satisfies never;
  }
}

function tell(result: ToolResult, conversation: Conversation): string {
  const call = callOf(conversation, result);
  const name = result.name ?? call?.name ?? "the function";
  const asked = Object.values(call?.arguments ?? {}).filter(
    (value) => typeof value === "string" || typeof value === "number",
  );
  const about = asked.length === 0 ? "" : ` for ${asked.join(", ")}`;
  const told = valuesOf(result);
  const short = told.length > TOLD_LENGTH ? `${told.slice(0, TOLD_LENGTH)}…` : told;
  if (result.is_error === true) return `${name}${about} failed: ${short === "" ? "it gave no reason" : short}.`;
  return short === "" ? `${name}${about} is done.` : `${name}${about} says: ${short}.`;
}

function valuesOf(result: ToolResult): string {
  const outcome = result.result;
  switch (outcome?.type) {
    case undefined:
      return "";
    case "text":
      return inWords(parsed(outcome.text) ?? outcome.text);
    case "json":
      return inWords(outcome.json);
    case "content":
      return outcome.content
        .map((content) => {
          if (content.type === "text") return inWords(parsed(content.text) ?? content.text);
          return isMedia(content) ? describeMedia(content) : inWords(content.raw);
        })
        .join(", ");
    default:
      return outcome satisfies never;
  }
}

function inWords(value: JsonValue): string {
  if (Array.isArray(value)) return value.map(inWords).join("; ");
  if (typeof value !== "object" || value === null) return String(value).replace(/[.\s]+$/, "");
  return Object.entries(value)
    .map(([key, member]) => `${key.replaceAll("_", " ")} ${inWords(member)}`)
    .join(", ");
}

/** Only objects and arrays count: a bare number or word is told as it is written. */
function parsed(text: string): JsonValue | undefined {
  return /^\s*[{[]/.test(text) ? parsedJson(text) : undefined;
}
