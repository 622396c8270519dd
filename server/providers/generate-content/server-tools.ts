import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { ToolCall, ToolName, ToolResult } from "../../../schema/core/step.ts";
import type { WirePart, WireToolCall, WireToolResponse } from "./wire.ts";

/** Google's tools by the names that the parts of an answer have for them. */
const tools = {
  GOOGLE_SEARCH_WEB: "google_search",
  GOOGLE_SEARCH_IMAGE: "google_search",
  URL_CONTEXT: "url_context",
  GOOGLE_MAPS: "google_maps",
  FILE_SEARCH: "file_search",
  MEDIA_PROCESSING: "processing",
} as const satisfies Record<string, ToolName>;
type ServerTool = (typeof tools)[keyof typeof tools];

const partNames = {
  google_search: "GOOGLE_SEARCH_WEB",
  url_context: "URL_CONTEXT",
  google_maps: "GOOGLE_MAPS",
  file_search: "FILE_SEARCH",
  processing: "MEDIA_PROCESSING",
} as const satisfies Record<ServerTool, keyof typeof tools>;

/** The tool of a part; `other` for one that the hub does not know. */
export function serverTool(toolType: string | undefined): ServerTool | "other" {
  return toolType !== undefined && Object.hasOwn(tools, toolType) ? tools[toolType as keyof typeof tools] : "other";
}

/** A call that Google itself answers, as a step. */
export function serverToolCall(call: WireToolCall, call_id: string): ToolCall {
  const tool = serverTool(call.toolType);
  if (tool === "other") return { ...unknown("tool_call", call), type: "tool_call", tool, call_id };
  const step: ToolCall = { type: "tool_call", tool, call_id, arguments: call.args ?? {} };
  if (call.toolType === "GOOGLE_SEARCH_IMAGE") step.extra = { search_type: "image_search" };
  return step;
}

/** Google's own answer to it. */
export function serverToolResult(answer: WireToolResponse, call_id: string): ToolResult {
  const tool = serverTool(answer.toolType);
  if (tool === "other") return { ...unknown("tool_result", answer), type: "tool_result", tool, call_id };
  const step: ToolResult = { type: "tool_result", tool, call_id };
  if (answer.response !== undefined) step.result = { type: "json", json: resultOf(tool, answer.response) };
  if (answer.toolType === "GOOGLE_SEARCH_IMAGE") step.extra = { search_type: "image_search" };
  return step;
}

/** The part that such a step came from; `undefined` for tools that have none. */
export function serverToolPart(step: ToolCall | ToolResult): WirePart | undefined {
  const { tool, call_id } = step;
  if (tool === "other") return rawPart(step);
  if (!Object.hasOwn(partNames, tool)) return undefined;
  const isImage = tool === "google_search" && step.extra?.search_type === "image_search";
  const toolType = isImage ? "GOOGLE_SEARCH_IMAGE" : partNames[tool as ServerTool];
  const key = { toolType, ...(call_id === "" ? {} : { id: call_id }) };
  if (step.type === "tool_call") return { toolCall: { ...key, args: step.arguments ?? {} } };
  const response = responseOf(step);
  return { toolResponse: { ...key, ...(response === undefined ? {} : { response }) } };
}

function rawPart({ type, raw }: ToolCall | ToolResult): WirePart | undefined {
  if (typeof raw?.toolType !== "string") return undefined;
  const { type: _type, ...object } = raw;
  return type === "tool_call" ? { toolCall: object } : { toolResponse: object };
}

/** How Google's Interactions API names what became of a page. */
export function pageStatus(status: string | undefined): string {
  return (status ?? "").replace("URL_RETRIEVAL_STATUS_", "").toLowerCase();
}

/** The result of a tool is a list there, with one entry for each page where pages were read. */
function resultOf(tool: ServerTool, response: JsonObject): JsonValue {
  const pages = response[PAGES];
  if (tool !== "url_context" || !Array.isArray(pages)) return [response];
  return pages.filter(isJsonObject).map(({ retrieved_url, url_retrieval_status }) => ({
    ...(retrieved_url === undefined ? {} : { url: retrieved_url }),
    status: pageStatus(typeof url_retrieval_status === "string" ? url_retrieval_status : undefined),
  }));
}

function responseOf({ tool, result }: ToolResult): JsonObject | undefined {
  if (result?.type !== "json" || !Array.isArray(result.json)) return undefined;
  const entries = result.json.filter(isJsonObject);
  if (tool !== "url_context") return entries[0];
  const pages = entries.map(({ url, status }) => ({
    ...(url === undefined ? {} : { retrieved_url: url }),
    url_retrieval_status: `URL_RETRIEVAL_STATUS_${String(status).toUpperCase()}`,
  }));
  return { [PAGES]: pages };
}

const PAGES = "urls_metadata";

/** A tool of a newer API than the hub knows keeps its whole object. */
function unknown(type: string, object: WireToolCall | WireToolResponse): { raw: JsonObject } {
  return { raw: { type, ...object } };
}
