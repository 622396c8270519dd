import type { Content, MediaContent } from "../../../schema/core/content.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { Signature, Step, ToolCall, ToolName, ToolOutcome, ToolResult } from "../../../schema/core/step.ts";
import { objectIn, objectsIn, textIn } from "../json-members.ts";
import { sealItem } from "./own-item.ts";
import type { WireItem } from "./wire.ts";

/**
 * The steps of an item that the upstream's own tools made. Web search, file search and code interpreter become the matching
 * steps of Google's; the result's signature holds the item. An image that was made becomes what the model says, after a
 * call of an unknown tool that holds the rest of the item. Any other item is kept whole, as a call of an unknown tool. The
 * steps refer to each other by `id`, which is the item's own unless another one has been told.
 */
export function hostedSteps(item: WireItem, upstream: string, id: string = textIn(item, "id") ?? ""): Step[] {
  const source: Source = { item, upstream, id };
  switch (item.type) {
    case "web_search_call":
      return webSearch(source);
    case "file_search_call": {
      const results: ToolOutcome = { type: "json", json: objectsIn(item, "results") };
      return exchange("file_search", { queries: textsIn(item, "queries") }, results, source);
    }
    case "code_interpreter_call": {
      const args = { language: "PYTHON", code: textIn(item, "code") ?? "" };
      return exchange("code_execution", args, codeOutcome(item), source);
    }
    case MADE_IMAGE: {
      const { result, ...rest } = item;
      const call = unknownCall(rest, upstream);
      return typeof result === "string" && result !== ""
        ? [call, { type: "model_output", content: [madeImage(item, result)] }]
        : [call];
    }
    default:
      return [item.type.endsWith("_output") ? unknownResult(item, upstream) : unknownCall(item, upstream)];
  }
}

/** The types of item that a step's signature can hold, by the step's tool. */
export const hostedItemTypes: Partial<Record<ToolName, readonly string[]>> = {
  google_search: ["web_search_call"],
  url_context: ["web_search_call"],
  file_search: ["file_search_call"],
  code_execution: ["code_interpreter_call"],
};

/** What became of an image that the model made, and of the rest of its item. */
export const MADE_IMAGE = "image_generation_call";

type Source = { item: WireItem; upstream: string; id: string };

/** The web is searched, or a page of it is opened or looked through. */
function webSearch(source: Source): Step[] {
  const { item } = source;
  const action = objectIn(item, "action") ?? {};
  const url = textIn(action, "url");
  if (url !== undefined) {
    const pattern = textIn(action, "pattern");
    const args: JsonObject = { urls: [url], ...(pattern === undefined ? {} : { pattern }) };
    const status = item.status === "failed" ? "error" : "success";
    return exchange("url_context", args, { type: "json", json: [{ url, status }] }, source);
  }
  const listed = textsIn(action, "queries");
  const query = textIn(action, "query") ?? "";
  const queries = listed.length > 0 || query === "" ? listed : [query];
  return exchange("google_search", { queries }, { type: "json", json: objectsIn(action, "sources") }, source);
}

function exchange(tool: ToolName, args: JsonObject, result: ToolOutcome, { item, upstream, id }: Source): Step[] {
  const failure = item.status === "failed" ? { is_error: true } : {};
  return [
    { type: "tool_call", tool, call_id: id, arguments: args },
    { type: "tool_result", tool, call_id: id, result, ...failure, signature: sealItem(upstream, item) },
  ];
}

function unknownCall(item: WireItem, upstream: string): ToolCall {
  return { type: "tool_call", tool: "other", ...unknown(item, upstream) };
}

function unknownResult(item: WireItem, upstream: string): ToolResult {
  return { type: "tool_result", tool: "other", ...unknown(item, upstream) };
}

/** The item is in the step; the signature only says whose it is. */
function unknown(item: WireItem, upstream: string): { call_id: string; raw: JsonObject; signature: Signature } {
  const call_id = textIn(item, "call_id") ?? textIn(item, "id") ?? "";
  return { call_id, raw: item, signature: sealItem(upstream, { type: item.type }) };
}

function codeOutcome(item: WireItem): ToolOutcome {
  const contents = objectsIn(item, "outputs").map(codeOutput);
  const texts = contents.flatMap((content) => (content.type === "text" ? [content.text] : []));
  return texts.length === contents.length
    ? { type: "text", text: texts.join("\n") }
    : { type: "content", content: contents };
}

function codeOutput(output: JsonObject): Content {
  const url = textIn(output, "url");
  if (output.type === "image" && url !== undefined) return imageAt(url);
  const logs = textIn(output, "logs");
  return output.type === "logs" && logs !== undefined ? { type: "text", text: logs } : { type: "other", raw: output };
}

function imageAt(url: string): MediaContent {
  const [, mime_type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return mime_type === undefined || data === undefined
    ? { type: "image", uri: url }
    : { type: "image", mime_type, data };
}

function madeImage(item: WireItem, data: string): MediaContent {
  return { type: "image", mime_type: `image/${textIn(item, "output_format") ?? "png"}`, data };
}

function textsIn(object: JsonObject, name: string): string[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
}
