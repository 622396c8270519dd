import { isJsonObject, type JsonObject } from "./json.ts";
import type { Settings } from "./settings.ts";
import type { Tool } from "./tool.ts";

/** The headers of an MCP server hold credentials, the settings of a search engine its key; a newer tool may have either. */
const secrets: ReadonlySet<string> = new Set(["headers", "api_key"]);

/**
 * Settings as they may be stored and shown: what a request carries to prove who it is, or to hand to a sandbox, is for its own
 * run only. The same object where there is nothing of the kind.
 */
export function withoutSecrets(settings: Settings): Settings {
  const { tools, environment } = settings;
  const mayHold = tools?.some(({ type }) => type === "mcp_server" || type === "retrieval" || type === "other") === true;
  if (!mayHold && (environment === undefined || typeof environment === "string")) return settings;
  const shown: Settings = { ...settings };
  if (tools !== undefined && mayHold) shown.tools = tools.map(toolWithoutSecrets);
  if (environment !== undefined) shown.environment = environmentWithoutSecrets(environment);
  return shown;
}

/** A tool without the credentials that it takes along. */
function toolWithoutSecrets(tool: Tool): Tool {
  switch (tool.type) {
    case "mcp_server":
    case "retrieval":
      return membersWithoutSecrets(tool as JsonObject) as Tool;
    case "other":
      return { ...tool, raw: membersWithoutSecrets(tool.raw) };
    default:
      return tool;
  }
}

/** `env` holds the sandbox's secrets, and `network` may hold headers with credentials. */
function environmentWithoutSecrets(environment: string | JsonObject): string | JsonObject {
  if (typeof environment === "string") return environment;
  const { env: _secret, network: _credentials, ...shown } = environment;
  return shown;
}

function membersWithoutSecrets(members: JsonObject): JsonObject {
  const shown = Object.entries(members).filter(([name]) => !secrets.has(name));
  // A function's schema may have a property of that name, which is no secret.
  return Object.fromEntries(
    shown.map(([name, value]) => [
      name,
      isJsonObject(value) && name !== "parameters" ? membersWithoutSecrets(value) : value,
    ]),
  );
}
