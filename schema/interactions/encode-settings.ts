import type { Revision } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import type { ResponseFormat, Settings } from "../core/settings.ts";
import type { Tool } from "../core/tool.ts";

/**
 * The settings of a request as a read gives them back, under the wire's names. `service_tier` is not among them: every
 * reply has it in a place of its own. Secrets that a request carried for the run are not given back. The legacy revision
 * has no words for `labels`, `environment` and `safety_settings`, and there `generation_config` could only be written.
 */
export function encodeSettings(settings: Settings, revision: Revision): JsonObject {
  const {
    system_instruction,
    agent_config,
    tools,
    response_format,
    environment,
    service_tier: _tier,
    ...newer
  } = settings;
  const shared = present({
    system_instruction,
    agent_config,
    tools: tools?.map((tool) => encodeTool(tool, revision)),
  });
  if (revision === "legacy") return { ...shared, ...encodeLegacyFormats(response_format ?? []) };
  return {
    ...shared,
    ...present({
      ...newer,
      environment: environment && encodeEnvironment(environment),
      response_format: response_format && encodeFormats(response_format),
    }),
  };
}

/** The members that are set. */
function present(members: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** A single format stands alone, as clients usually write it. */
function encodeFormats(formats: ResponseFormat[]): JsonObject | JsonObject[] {
  const [first, ...others] = formats as JsonObject[];
  return first !== undefined && others.length === 0 ? first : (formats as JsonObject[]);
}

/** The legacy members that say what `response_format` says; a format's details that none of them has are left out. */
function encodeLegacyFormats(formats: ResponseFormat[]): JsonObject {
  const encoded: JsonObject = {};
  for (const format of formats) {
    if (format.type !== "text") continue;
    if (format.schema !== undefined) encoded.response_format = format.schema;
    if (format.mime_type !== undefined) encoded.response_mime_type = format.mime_type;
    else if (format.schema !== undefined) encoded.response_mime_type = "application/json";
  }
  if (formats.some((format) => format.type !== "text")) {
    encoded.response_modalities = [...new Set(formats.map((format) => format.type))];
  }
  return encoded;
}

function encodeTool(tool: Tool, revision: Revision): JsonObject {
  switch (tool.type) {
    case "mcp_server": {
      const { headers: _secret, ...shown } = tool;
      return shown as JsonObject;
    }
    case "retrieval": {
      const shown = { ...tool } as JsonObject;
      for (const key of ["exa_ai_search_config", "parallel_ai_search_config"] as const) {
        const config = tool[key];
        if (config === undefined) continue;
        const { api_key: _secret, ...rest } = config;
        shown[key] = rest;
      }
      return shown;
    }
    case "computer_use": {
      if (revision === "steps" || tool.excluded_predefined_functions === undefined) return tool as JsonObject;
      // The one camelCase name of the legacy revision.
      const { excluded_predefined_functions: excludedPredefinedFunctions, ...rest } = tool;
      return { ...rest, excludedPredefinedFunctions } as JsonObject;
    }
    case "function":
    case "google_search":
    case "code_execution":
    case "url_context":
    case "google_maps":
    case "file_search":
      return tool as JsonObject;
    case "other":
      return tool.raw;
    default:
      return tool satisfies never;
  }
}

/** `env` holds the sandbox's secrets, and `network` may hold headers with credentials. */
function encodeEnvironment(environment: string | JsonObject): string | JsonObject {
  if (typeof environment === "string") return environment;
  const { env: _secret, network: _credentials, ...shown } = environment;
  return shown;
}
