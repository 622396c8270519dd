import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { JsonObject } from "../../../schema/core/json.ts";
import { DEEPEST, isTooDeep } from "../../../schema/core/nesting.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { ServedTool } from "../../../schema/tool-server.ts";
import { ServerTrouble } from "./server-trouble.ts";

/** A server that lists more tools or pages than this, or more characters, is taken to list without end. */
const MOST_LISTED = 10_000;
const MOST_PAGES = 1_000;
const MOST_CHARACTERS = 16 * 2 ** 20;

/**
 * Every tool of a server, page by page. It asks by the protocol's own requests: the client's `listTools` would compile each
 * tool's output schema, which nobody here needs and which a server could make expensive.
 */
export async function listTools(client: Client, timeout: number, signal: AbortSignal): Promise<ServedTool[]> {
  const tools = new Map<string, ServedTool>();
  let cursor: string | undefined;
  let pages = 0;
  let characters = 0;
  do {
    const params = cursor === undefined ? {} : { cursor };
    const page = await client.request({ method: "tools/list", params }, ListToolsResultSchema, { signal, timeout });
    for (const { name, title, description = title, inputSchema } of page.tools) {
      const tool: ServedTool = { name, parameters: inputSchema as JsonObject };
      if (description !== undefined) tool.description = description;
      if (isTooDeep(inputSchema)) throw new ServerTrouble("upstream_error", tooDeep(name));
      tools.set(name, tool);
      characters += JSON.stringify(tool).length;
    }
    pages += 1;
    if (tools.size > MOST_LISTED) throw new ServerTrouble("upstream_error", `lists more than ${MOST_LISTED} tools`);
    if (characters > MOST_CHARACTERS || pages > MOST_PAGES)
      throw new ServerTrouble("upstream_error", "lists its tools without end");
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return [...tools.values()];
}

function tooDeep(tool: string): string {
  return `has a tool ('${shortened(tool)}') with a schema that nests deeper than ${DEEPEST} levels`;
}
