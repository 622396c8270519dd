import { type Content, isMedia } from "../../schema/core/content.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../schema/core/json.ts";
import type { Step, ToolCall, ToolName, ToolResult } from "../../schema/core/step.ts";

/** What people call each tool. */
const titles = {
  function: "The function",
  code_execution: "Code execution",
  google_search: "Google Search",
  url_context: "The page reader",
  google_maps: "Google Maps",
  file_search: "The file search",
  mcp_server: "The tool",
  retrieval: "The retrieval",
  processing: "The video processing",
  other: "A tool",
} as const satisfies Record<ToolName, string>;

/**
 * A step in words, for a vendor that has no such step: what a tool was asked and what it gave back, in brackets, or the
 * words of a step that has some. Media are only named, opaque tokens left out. Empty where there is nothing to read.
 */
export function readableStep(step: Step): string {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return inWords(step.content);
    case "thought":
      return inWords(step.summary ?? []);
    case "tool_call":
      return readableCall(step);
    case "tool_result":
      return readableResult(step);
    default:
      return step satisfies never;
  }
}

function readableCall(step: ToolCall): string {
  const { tool } = step;
  switch (tool) {
    case "google_search":
    case "google_maps":
    case "retrieval":
    case "file_search":
      return bracketed(`${titles[tool]} was asked`, listed(step.arguments, "queries"));
    case "url_context":
      return bracketed(`${titles[tool]} was given`, listed(step.arguments, "urls"));
    case "code_execution": {
      const language = step.arguments?.language;
      const code = step.arguments?.code;
      const kind = typeof language === "string" ? ` of ${language.toLowerCase()}` : "";
      return bracketed(`Code${kind} was run`, typeof code === "string" ? `\n${code}\n` : argumentsOf(step));
    }
    case "processing":
      return bracketed(`${titles[tool]} was started`, "");
    case "function":
    case "mcp_server":
      return bracketed(`${titles[tool]} ${nameOf(step)} was called with`, argumentsOf(step));
    case "other":
      return readableRaw(step.raw);
    default:
      return tool satisfies never;
  }
}

function readableResult(step: ToolResult): string {
  if (step.raw !== undefined) return readableRaw(step.raw);
  const { tool } = step;
  const name = tool === "function" || tool === "mcp_server" ? ` ${nameOf(step)}` : "";
  const verb = step.is_error === true ? "failed" : "answered";
  const told = outcomeOf(step);
  return told === "" && step.is_error !== true ? "" : bracketed(`${titles[tool]}${name} ${verb}`, told);
}

function outcomeOf({ result }: ToolResult): string {
  switch (result?.type) {
    case undefined:
      return "";
    case "text":
      return result.text;
    case "json":
      return readableJson(result.json);
    case "content":
      return inWords(result.content);
    default:
      return result satisfies never;
  }
}

/** Google's search suggestions are HTML to be shown to people, and hold nothing but the queries. */
function readableJson(value: JsonValue): string {
  const told = withoutOpaque(value);
  const isEmpty = Array.isArray(told) && told.every((item) => isJsonObject(item) && Object.keys(item).length === 0);
  return told === null || isEmpty ? "" : JSON.stringify(told);
}

const opaque = new Set([
  "signature",
  "thought_signature",
  "thoughtSignature",
  "encrypted_content",
  "search_suggestions",
  "widget_context_token",
]);

function withoutOpaque(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutOpaque);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !opaque.has(key))
      .map(([key, member]) => [key, withoutOpaque(member)]),
  );
}

function readableRaw(raw: JsonObject | undefined): string {
  if (raw === undefined) return "";
  const { type, id: _id, call_id: _callId, ...members } = raw;
  return bracketed(typeof type === "string" ? type : titles.other, readableJson(members));
}

function nameOf(step: ToolCall | ToolResult): string {
  const server = step.server_name === undefined ? "" : ` of '${step.server_name}'`;
  return `'${step.name ?? step.call_id}'${server}`;
}

function argumentsOf(step: ToolCall): string {
  return step.arguments_text ?? JSON.stringify(step.arguments ?? {});
}

function listed(members: JsonObject | undefined, name: string): string {
  const list = members?.[name];
  if (Array.isArray(list))
    return list.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join("; ");
  return members === undefined || Object.keys(members).length === 0 ? "" : JSON.stringify(members);
}

function bracketed(what: string, told: string): string {
  return told === "" ? `[${what}.]` : `[${what}: ${told}]`;
}

function inWords(contents: readonly Content[]): string {
  return contents.map(contentInWords).join("\n");
}

function contentInWords(content: Content): string {
  if (content.type === "text") return content.text;
  if (isMedia(content))
    return `[${content.type}${content.mime_type === undefined ? "" : ` of type ${content.mime_type}`}]`;
  return readableRaw(content.raw);
}
