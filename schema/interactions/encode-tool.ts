import type { Revision } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import type { Tool } from "../core/tool.ts";

/** A tool in the words of the steps revision, whole. */
export function encodeTool(tool: Tool): JsonObject {
  return tool.type === "other" ? tool.raw : (tool as JsonObject);
}

/**
 * A tool as a read gives it back. The legacy revision has no words for one that the hub does not know.
 */
export function encodeShownTool(tool: Tool, revision: Revision): JsonObject | undefined {
  switch (tool.type) {
    case "computer_use": {
      if (revision === "steps" || tool.excluded_predefined_functions === undefined) return encodeTool(tool);
      // The one camelCase name of the legacy revision.
      const { excluded_predefined_functions: excludedPredefinedFunctions, ...rest } = tool;
      return { ...rest, excludedPredefinedFunctions } as JsonObject;
    }
    case "other":
      return revision === "legacy" ? undefined : tool.raw;
    case "mcp_server":
    case "retrieval":
    case "function":
    case "google_search":
    case "code_execution":
    case "url_context":
    case "google_maps":
    case "file_search":
      return encodeTool(tool);
    default:
      return tool satisfies never;
  }
}
