import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { ToolName, ToolOutcome } from "../core/step.ts";
import { decodeContents, isContentType } from "./decode-content.ts";
import type { Unknown } from "./keep-unknown.ts";
import { describe, invalidValue } from "./refusals.ts";

/**
 * What a tool gave back. Functions and MCP tools give a string, an object or contents: an array of anything else is
 * refused, because no model could tell what it is. Executed code gives its text or contents. The other tools give JSON in
 * a form of their own, which is carried as it is. Contents of types that the hub does not know are kept whole and entered
 * in `unknown`.
 */
export function decodeOutcome(tool: ToolName, wire: JsonValue, path: string, unknown: Unknown): ToolOutcome {
  switch (tool) {
    case "function":
    case "mcp_server":
      return decodeAnswer(wire, path, unknown);
    case "code_execution":
      if (typeof wire === "string") return { type: "text", text: wire };
      if (isContentList(wire)) return { type: "content", content: decodeContents(wire, path) };
      return { type: "json", json: wire };
    case "google_search":
    case "url_context":
    case "google_maps":
    case "file_search":
    case "retrieval":
    case "processing":
    case "other":
      return { type: "json", json: wire };
    default:
      return tool satisfies never;
  }
}

function decodeAnswer(wire: JsonValue, path: string, unknown: Unknown): ToolOutcome {
  if (typeof wire === "string") return { type: "text", text: wire };
  if (isContentList(wire) || (unknown !== undefined && mayBeContentList(wire))) {
    return { type: "content", content: decodeContents(wire, path, unknown) };
  }
  if (isJsonObject(wire)) return { type: "json", json: wire };
  const expected = "a string, an object or an array of contents (text, image, audio, video, document)";
  throw invalidValue(path, expected, wire, Array.isArray(wire) ? "an array of other values" : describe(wire));
}

function isContentList(wire: JsonValue): wire is JsonValue[] {
  return Array.isArray(wire) && wire.every((item) => isJsonObject(item) && isContentType(item.type));
}

/** A list in which some contents are of types that the hub does not know. */
function mayBeContentList(wire: JsonValue): wire is JsonObject[] {
  return Array.isArray(wire) && wire.every((item) => isJsonObject(item) && typeof item.type === "string");
}
