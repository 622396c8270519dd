import { shortened } from "../../schema/core/shortened.ts";
import type { Tool } from "../../schema/core/tool.ts";
import type { ModelCall, Provider, Refusal } from "../../schema/provider.ts";
import type { ToolServers } from "../../schema/tool-server.ts";

/** Whether the hub itself must run tools of servers that a call names. */
export function runsToolsOf(provider: Provider, call: Omit<ModelCall, "history">): boolean {
  const tools = call.settings.tools ?? [];
  return tools.some((tool) => tool.type === "mcp_server") && provider.reachesMcpServers?.(call) !== true;
}

/** Each is a connection, and all are opened at once. */
const MOST_SERVERS = 32;

/** Why the hub cannot run the tools of the servers that a request names, before any of them is asked. */
export function refuseToolServers(tools: readonly Tool[], servers: ToolServers): Refusal | undefined {
  const names = new Set<string>();
  for (const [index, tool] of tools.entries()) {
    if (tool.type !== "mcp_server") continue;
    const { type: _type, ...request } = tool;
    const refusal = servers.refuse(request, `tools[${index}]`);
    if (refusal !== undefined) return refusal;
    const { name = "" } = request;
    if (names.has(name)) {
      const message = `Another MCP server of this request is named '${shortened(name)}': their tools could not be told apart.`;
      return { field: `tools[${index}].name`, message };
    }
    names.add(name);
    if (names.size > MOST_SERVERS)
      return { field: `tools[${index}]`, message: `A request may name ${MOST_SERVERS} MCP servers.` };
  }
  return undefined;
}
