import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { ServedTool } from "../../../schema/tool-server.ts";
import { ServerTrouble } from "./server-trouble.ts";

/** A server that lists more than this is taken to list without end. */
const MOST_LISTED = 10_000;

/**
 * Every tool of a server, page by page. It asks by the protocol's own requests: the client's `listTools` would compile each
 * tool's output schema, which nobody here needs and which a server could make expensive.
 */
export async function listTools(client: Client, timeout: number, signal: AbortSignal): Promise<ServedTool[]> {
  const tools = new Map<string, ServedTool>();
  let cursor: string | undefined;
  do {
    const params = cursor === undefined ? {} : { cursor };
    const page = await client.request({ method: "tools/list", params }, ListToolsResultSchema, { signal, timeout });
    for (const { name, title, description = title, inputSchema } of page.tools) {
      const tool: ServedTool = { name, parameters: inputSchema as JsonObject };
      if (description !== undefined) tool.description = description;
      tools.set(name, tool);
    }
    if (tools.size > MOST_LISTED) throw new ServerTrouble("upstream_error", `lists more than ${MOST_LISTED} tools`);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return [...tools.values()];
}
