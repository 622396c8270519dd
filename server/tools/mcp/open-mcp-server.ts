import { type CallToolResult, CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { HubError } from "../../../schema/core/error.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import { DEEPEST, isTooDeep } from "../../../schema/core/nesting.ts";
import { shortened } from "../../../schema/core/shortened.ts";
import type { ServedTool, ToolAnswer, ToolServer, ToolServerRequest } from "../../../schema/tool-server.ts";
import { allowedTools } from "./allowed-tools.ts";
import { listTools } from "./list-tools.ts";
import { createMcpSession, type McpSession } from "./mcp-session.ts";
import { outcomeOf } from "./outcome-of.ts";
import { forgotSession, ServerTrouble, troubleOf } from "./server-trouble.ts";
import { within } from "./within.ts";

export type McpOptions = {
  /** Sends what goes to servers, and refuses addresses where nothing may go. */
  fetch: typeof globalThis.fetch;
  /** Milliseconds that a server may take until its tools are listed. */
  connectTimeout: number;
  /** Milliseconds that one call may take. */
  callTimeout: number;
  /** Tools of one server that may be offered. */
  toolsPerServer: number;
  /** Bytes that the answer to a call may have, as they come over the wire. */
  resultBytes: number;
  /** Of the hub, told to servers. */
  version: string;
};

/** The client has a deadline of its own, which must not come before the hub's. */
const LATER = 1_000;

/** Opens a session with an MCP server and lists the tools that the request allows. */
export async function openMcpServer(
  request: ToolServerRequest,
  field: string,
  signal: AbortSignal,
  options: McpOptions,
): Promise<ToolServer> {
  const name = shortened(request.name ?? "");
  const settings = { ...options, url: new URL(request.url ?? ""), headers: request.headers ?? {} };
  const first = createMcpSession(settings);
  const sessions = [first];
  /** The session in which calls are asked, and itself once it has begun. */
  let session = first;
  let begun = Promise.resolve(first);

  async function connect(stopped: AbortSignal): Promise<readonly ServedTool[]> {
    await first.connect(stopped);
    return allowedTools(await listTools(first.client, options.connectTimeout, stopped), request, field);
  }

  /** A server may forget a session, when it restarts for one: what was asked in it was not done, and is asked in a new one. */
  function renewed(forgotten: McpSession, stopped: AbortSignal): Promise<McpSession> {
    if (session !== forgotten) return begun;
    const fresh = createMcpSession(settings);
    sessions.push(fresh);
    session = fresh;
    begun = fresh.connect(stopped).then(() => fresh);
    // The next call finds the old one still forgotten, and tries again.
    begun.catch(() => {
      session = forgotten;
      begun = Promise.resolve(forgotten);
    });
    return begun;
  }

  async function ask(tool: string, given: JsonObject, stopped: AbortSignal): Promise<CallToolResult> {
    const params = { name: tool, arguments: given };
    const timeout = options.callTimeout + LATER;
    const askOnce = ({ client }: McpSession) =>
      client.request({ method: "tools/call", params }, CallToolResultSchema, { signal: stopped, timeout });
    const asked = await begun;
    try {
      return await askOnce(asked);
    } catch (error) {
      if (!forgotSession(error)) throw error;
      return await askOnce(await renewed(asked, stopped));
    }
  }

  async function call(tool: string, given: JsonObject, signal: AbortSignal): Promise<ToolAnswer> {
    try {
      const answer = await within(options.callTimeout, signal, (stopped) => ask(tool, given, stopped));
      if (isTooDeep(answer))
        throw new ServerTrouble("upstream_error", `gave an answer that nests deeper than ${DEEPEST} levels`);
      return { result: outcomeOf(answer), is_error: answer.isError === true };
    } catch (error) {
      signal.throwIfAborted();
      return { result: { type: "text", text: `The MCP server '${name}' ${troubleOf(error).says}.` }, is_error: true };
    }
  }

  /** Also those that were forgotten: others may have been called in them. */
  async function close(): Promise<void> {
    await Promise.all(sessions.map((each) => each.close()));
  }

  try {
    const tools = await within(options.connectTimeout, signal, connect);
    if (tools.length > options.toolsPerServer) throw tooMany(name, tools.length, options.toolsPerServer, field);
    return { tools, call, close };
  } catch (error) {
    void close();
    signal.throwIfAborted();
    if (error instanceof HubError && error.field?.startsWith(field)) throw error;
    const { code, says, member } = troubleOf(error);
    throw new HubError(code, `The MCP server '${name}' ${says}.`, { field: `${field}.${member}` });
  }
}

function tooMany(name: string, count: number, most: number, field: string): HubError {
  const message = `The MCP server '${name}' would offer ${count} tools, and ${most} are allowed: name those that are needed in 'allowed_tools'.`;
  return new HubError("invalid_request", message, { field: `${field}.allowed_tools` });
}
