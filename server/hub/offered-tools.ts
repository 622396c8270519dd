import type { Degradation } from "../../schema/core/degradation.ts";
import { HubError } from "../../schema/core/error.ts";
import { mcpFunctionName } from "../../schema/core/mcp-function-name.ts";
import type { Settings } from "../../schema/core/settings.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { FunctionTool, Tool, ToolChoice } from "../../schema/core/tool.ts";
import type { ServedTool, ToolServer } from "../../schema/tool-server.ts";

/** A tool of a server, and what the request calls the server. */
export type OfferedTool = { server: ToolServer; server_name: string; tool: ServedTool };

/** What a provider is given in place of the servers that a request names. */
export type Offer = {
  settings: Settings;
  /** The servers' tools by the names of the functions that stand for them. */
  served: ReadonlyMap<string, OfferedTool>;
  /** For each tool of `settings`, and for each name that its choice of tools allows, the place of what the request says. */
  places: { tools: readonly number[]; allowed: readonly number[] };
  /** What the hub does not do as it was asked. */
  notes: Degradation[];
};

/** Offers the tools of open servers as functions. `opened` holds a server for each place of an `mcp_server`. */
export function offerTools(settings: Settings, opened: ReadonlyMap<number, ToolServer>): Offer {
  const asked = settings.tools ?? [];
  const declared = new Set(asked.flatMap((tool) => (tool.type === "function" ? [tool.name] : [])));
  const served = new Map<string, OfferedTool>();
  const offered = asked.flatMap((tool, place): { tool: Tool; place: number }[] => {
    const server = opened.get(place);
    if (tool.type !== "mcp_server" || server === undefined) return [{ tool, place }];
    const { name: server_name = "" } = tool;
    return server.tools.map((each) => {
      const name = mcpFunctionName(server_name, each.name);
      if (served.has(name) || declared.has(name)) throw sameName(server_name, each.name, name, place);
      served.set(name, { server, server_name, tool: each });
      return { tool: functionOf(name, each), place };
    });
  });
  const allowed = allowedNames(settings, served, declared);
  const places = { tools: offered.map(({ place }) => place), allowed: [...allowed.values()] };
  const tools = offered.map(({ tool }) => tool);
  return { settings: { ...allowing(settings, allowed), tools }, served, places, notes: asked.flatMap(notesOn) };
}

/** The settings of a round after the first: what had to be called has been, and demanding it again would never end. */
export function withoutDemand(settings: Settings): Settings {
  const choice = settings.generation_config?.tool_choice;
  if (choice === "any") return choosing(settings, "auto");
  if (typeof choice !== "object" || choice.allowed_tools.mode !== "any") return settings;
  return choosing(settings, { allowed_tools: { ...choice.allowed_tools, mode: "auto" } });
}

function functionOf(name: string, { description, parameters }: ServedTool): FunctionTool {
  return {
    type: "function",
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}

function sameName(server: string, tool: string, name: string, place: number): HubError {
  const message = `The tool '${shortened(tool)}' of the MCP server '${shortened(server)}' would be offered as the function '${name}', and another function has that name.`;
  return new HubError("invalid_request", message, { field: `tools[${place}].name` });
}

function notesOn(tool: Tool, place: number): Degradation[] {
  if (tool.type !== "mcp_server") return [];
  return (tool.allowed_tools ?? []).flatMap((entry, index) => {
    if (typeof entry === "string" || entry.mode !== "validated") return [];
    const field = `tools[${place}].allowed_tools[${index}].mode`;
    return [{ field, message: "The mode 'validated' of a single server is taken as 'auto'." }];
  });
}

/**
 * The names that the choice of tools allows, if it allows by name, each with its place there. A name may be that of a
 * server, for all its tools, or the one that a server gives its tool. Names that are none of these are left to the provider,
 * which knows what else it has.
 */
function allowedNames(
  { generation_config: config }: Settings,
  served: ReadonlyMap<string, OfferedTool>,
  declared: ReadonlySet<string>,
): Map<string, number> {
  const choice = config?.tool_choice;
  const names = new Map<string, number>();
  for (const [place, name] of (typeof choice === "object" ? (choice.allowed_tools.tools ?? []) : []).entries()) {
    const meant = [...served].filter(([, { server_name, tool }]) => server_name === name || tool.name === name);
    const isFunction = declared.has(name) || served.has(name) || meant.length === 0;
    for (const each of isFunction ? [name] : meant.map(([functionName]) => functionName)) {
      if (!names.has(each)) names.set(each, place);
    }
  }
  return names;
}

function allowing(settings: Settings, names: ReadonlyMap<string, number>): Settings {
  const choice = settings.generation_config?.tool_choice;
  if (typeof choice !== "object" || names.size === 0) return settings;
  return choosing(settings, { allowed_tools: { ...choice.allowed_tools, tools: [...names.keys()] } });
}

function choosing(settings: Settings, tool_choice: ToolChoice): Settings {
  return { ...settings, generation_config: { ...settings.generation_config, tool_choice } };
}
