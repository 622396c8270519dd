import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { type ErrorCode, HubError } from "../../../schema/core/error.ts";

/**
 * What went wrong with a server: the cause, what is said of the server (`could not be reached`), and the member of its
 * description that is at fault.
 */
export type Trouble = { code: ErrorCode; says: string; member: "url" | "headers" };

/** A trouble that the hub itself has found; its message is what is said of the server. */
export class ServerTrouble extends Error {
  override readonly name = "ServerTrouble";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, says: string) {
    super(says);
    this.code = code;
  }
}

/** So deep may a cause be wrapped. */
const DEEPEST = 5;

/**
 * The trouble behind an error of the client, of the transport or of `fetch`. Nothing that a server wrote outside of the
 * protocol is said again, and no error of the transport is passed on as a cause: either could hold the request's secrets.
 */
export function troubleOf(error: unknown): Trouble {
  const chain = chainOf(error);
  for (const each of chain) {
    if (each instanceof ServerTrouble) return { code: each.code, says: each.message, member: "url" };
    // The guard of outgoing requests.
    if (each instanceof HubError)
      return { code: each.code, says: `may not be asked: ${each.message.replace(/\.$/, "")}`, member: "url" };
  }
  if (error instanceof StreamableHTTPError) return troubleOfStatus(error.code ?? -1);
  if (error instanceof McpError) {
    const said = error.message.replace(/^MCP error -?\d+: /, "").replace(/\.$/, "");
    return { code: "upstream_error", says: `answered with an error: ${said}`, member: "url" };
  }
  if (error instanceof SyntaxError || (error instanceof Error && error.name.endsWith("ZodError")))
    return { code: "upstream_error", says: "gave an answer that is not MCP", member: "url" };
  // The client has no error of its own for this.
  if (error instanceof Error && error.message.includes("protocol version is not supported"))
    return { code: "upstream_error", says: "speaks a version of MCP that is not known here", member: "url" };
  const code = chain.map(systemCodeOf).find((found) => found !== undefined);
  return {
    code: "upstream_error",
    says: `could not be reached${code === undefined ? "" : ` (${code})`}`,
    member: "url",
  };
}

/** Whether a server says that it does not know the session any more. */
export function forgotSession(error: unknown): boolean {
  return error instanceof StreamableHTTPError && error.code === 404;
}

function troubleOfStatus(status: number): Trouble {
  const shown = `(HTTP ${status})`;
  if (status === 401 || status === 403)
    return { code: "invalid_request", says: `refused the request's credentials ${shown}`, member: "headers" };
  if (status >= 300 && status < 400)
    return { code: "invalid_request", says: `redirects elsewhere, which is not followed ${shown}`, member: "url" };
  if (status >= 500) return { code: "upstream_error", says: `failed ${shown}`, member: "url" };
  if (status === 408 || status === 429)
    return { code: "upstream_error", says: `takes no more requests at the moment ${shown}`, member: "url" };
  const how = status < 0 ? "" : ` ${shown}`;
  return { code: "invalid_request", says: `does not speak MCP over streamable HTTP at its URL${how}`, member: "url" };
}

function systemCodeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" && /^[A-Z][A-Z0-9_]+$/.test(error.code)
    ? error.code
    : undefined;
}

/** An error and what it wraps: as its cause, or as the data of the protocol's own error. */
function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let each = error; each instanceof Error && chain.length < DEEPEST; ) {
    chain.push(each);
    each = each instanceof McpError ? each.data : each.cause;
  }
  return chain;
}
