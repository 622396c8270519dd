import { HubError } from "../../schema/core/error.ts";
import type { ToolServer, ToolServerRequest } from "../../schema/tool-server.ts";
import { createMcpServers } from "../../server/tools/mcp/mcp-servers.ts";
import type { McpOptions } from "../../server/tools/mcp/open-mcp-server.ts";
import { type McpServerOptions, type RunningMcpServer, startMcpServer } from "./start-mcp-server.ts";

const closing: (() => Promise<void>)[] = [];

/** Closes whatever a test has started or opened by the functions below. */
export async function closeToolServers(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** A server that lives as long as the test. */
export async function serverOf(options?: McpServerOptions): Promise<RunningMcpServer> {
  const server = await startMcpServer(options);
  closing.push(() => server.close());
  return server;
}

/** MCP servers over the plain network, with limits that a test does not reach unless it says so. */
export function mcpServers(options: Partial<McpOptions> = {}) {
  const limits = { connectTimeout: 5_000, callTimeout: 5_000, toolsPerServer: 100, resultBytes: 1_000_000 };
  return createMcpServers({ fetch, ...limits, version: "1.2.3", ...options });
}

/** A session with a server, as the second tool of a request, that lives as long as the test. */
export async function open(
  server: { url: string },
  request: Partial<ToolServerRequest> = {},
  options?: Partial<McpOptions>,
): Promise<ToolServer> {
  const { signal } = new AbortController();
  const opened = await mcpServers(options).open({ name: "test", url: server.url, ...request }, "tools[1]", signal);
  closing.push(() => opened.close());
  return opened;
}

/** Why a server cannot be opened. */
export async function refusalToOpen(...given: Parameters<typeof open>): Promise<HubError> {
  const error = await open(...given).then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof HubError)) throw new Error(`no refusal: ${error}`);
  return error;
}
