import type { Revision } from "../core/interaction.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import type { Tool } from "../core/tool.ts";

/** A tool in the words of the steps revision, whole. */
export function encodeTool(tool: Tool): JsonObject {
  return tool.type === "other" ? tool.raw : (tool as JsonObject);
}

/**
 * A tool as a read gives it back: without the secrets that a request carried for the run. The legacy revision has no words
 * for one that the hub does not know.
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
      return revision === "legacy" ? undefined : withoutSecrets(tool.raw);
    case "mcp_server":
    case "retrieval":
      return withoutSecrets(encodeTool(tool));
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

/** The headers of an MCP server hold credentials, the settings of a search engine its key; a newer tool may have either. */
const secrets: ReadonlySet<string> = new Set(["headers", "api_key"]);

function withoutSecrets(tool: JsonObject): JsonObject {
  const shown = Object.entries(tool).filter(([name]) => !secrets.has(name));
  // A function's schema may have a property of that name, which is no secret.
  return Object.fromEntries(
    shown.map(([name, value]) => [name, isJsonObject(value) && name !== "parameters" ? withoutSecrets(value) : value]),
  );
}
