import { closestMatches } from "../../../schema/core/closest-match.ts";
import { HubError } from "../../../schema/core/error.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { ServedTool, ToolServerRequest } from "../../../schema/tool-server.ts";

type Entries = NonNullable<ToolServerRequest["allowed_tools"]>;

/** What cannot be honoured in a list of allowed tools, whatever the server has; `field` is the list's path. */
export function refuseEntries(entries: Entries, field: string): { field: string; message: string } | undefined {
  if (entries.length === 0) return { field, message: "It allows no tool: name some, or leave it out to allow all." };
  for (const [index, entry] of entries.entries()) {
    if (typeof entry === "string" || (entry.mode !== "any" && entry.mode !== "none")) continue;
    const message = `The mode '${entry.mode}' is not supported for a single server: 'generation_config.tool_choice' can say it for all tools, and what is not named here is not offered.`;
    return { field: `${field}[${index}].mode`, message };
  }
  return undefined;
}

/** The names that a list allows, each with its path; `undefined` if that is every name. */
function namesIn(entries: Entries, field: string): Map<string, string> | undefined {
  const names = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    if (typeof entry === "string") names.set(entry, `${field}[${index}]`);
    else if (entry.tools === undefined) return undefined;
    else for (const [place, name] of entry.tools.entries()) names.set(name, `${field}[${index}].tools[${place}]`);
  }
  return names;
}

/** Those of a server's tools that the request allows. Throws if it names one that the server does not have. */
export function allowedTools(
  tools: readonly ServedTool[],
  { name, allowed_tools: entries }: ToolServerRequest,
  field: string,
): readonly ServedTool[] {
  const names = entries === undefined ? undefined : namesIn(entries, `${field}.allowed_tools`);
  if (names === undefined) return tools;
  const known = new Set(tools.map((tool) => tool.name));
  for (const [wanted, place] of names) {
    if (known.has(wanted)) continue;
    const [closest] = closestMatches(wanted, known, 1);
    const hint = closest === undefined ? "" : ` Did you mean '${shortened(closest)}'?`;
    const message = `The MCP server '${shortened(name ?? "")}' has no tool '${shortened(wanted)}'.${hint}`;
    throw new HubError("invalid_request", message, { field: place });
  }
  return tools.filter((tool) => names.has(tool.name));
}
