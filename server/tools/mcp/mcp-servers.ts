import type { ToolServerRequest, ToolServers } from "../../../schema/tool-server.ts";
import { refuseEntries } from "./allowed-tools.ts";
import { refuseHeaders } from "./call-headers.ts";
import type { McpOptions } from "./open-mcp-server.ts";
import { refuseAddress } from "./server-address.ts";

/** The MCP servers that requests name, spoken to over streamable HTTP. */
export function createMcpServers(options: McpOptions): ToolServers {
  return {
    refuse,
    async open(request, field, signal) {
      // Loaded when first needed: it takes a tenth of a second, and few requests name a server.
      const { openMcpServer } = await import("./open-mcp-server.ts");
      return openMcpServer(request, field, signal, options);
    },
  };
}

function refuse(
  { name, url, headers = {}, allowed_tools: entries }: ToolServerRequest,
  field: string,
): { field: string; message: string } | undefined {
  if (name === undefined || name === "")
    return {
      field: `${field}.name`,
      message: "An MCP server needs a name: its tools and their steps are named by it.",
    };
  if (url === undefined || url === "") return { field: `${field}.url`, message: "An MCP server needs a URL." };
  const address = refuseAddress(url);
  if (address !== undefined) return { field: `${field}.url`, message: `The URL of an MCP server is wrong: ${address}` };
  const header = refuseHeaders(headers);
  if (header !== undefined) return { field: `${field}.headers`, message: header };
  return entries === undefined ? undefined : refuseEntries(entries, `${field}.allowed_tools`);
}
