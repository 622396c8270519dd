import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { JsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/types.js";
import { McpTransport } from "./mcp-transport.ts";

export type McpSessionOptions = {
  url: URL;
  headers: Readonly<Record<string, string>>;
  fetch: typeof globalThis.fetch;
  /** Milliseconds that the beginning may take. */
  connectTimeout: number;
  /** Bytes that the answer to a call may have. */
  resultBytes: number;
  version: string;
};

/** A session with an MCP server. */
export type McpSession = {
  readonly client: Client;
  /** Begins it. */
  connect(signal: AbortSignal): Promise<void>;
  /** Ends it and whatever still runs in it; it never rejects. */
  close(): Promise<void>;
};

/** Bytes that any other answer may have: a page of a list of tools, say. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Milliseconds for the last word to a server. */
const FAREWELL = 2_000;

/** Results are judged by no schema: the model hears them as they are. */
const noValidator: { getValidator<T>(): JsonSchemaValidator<T> } = {
  getValidator:
    <T>(): JsonSchemaValidator<T> =>
    (input) => ({ valid: true, data: input as T, errorMessage: undefined }),
};

/** A session over streamable HTTP by the official client, not begun yet. */
export function createMcpSession(options: McpSessionOptions): McpSession {
  const { url, headers, fetch, connectTimeout, resultBytes, version } = options;
  const transport = new McpTransport({
    url,
    headers,
    fetch,
    limit: (method) => (method === "tools/call" ? resultBytes : PAGE_BYTES),
    farewell: FAREWELL,
  });
  const client = new Client({ name: "interactions-hub", version }, { jsonSchemaValidator: noValidator });
  let closing: Promise<void> | undefined;

  async function end(): Promise<void> {
    await client.close().catch(() => {});
    // A server that cannot be told forgets the session by itself.
    await transport.terminateSession().catch(() => {});
  }

  function close(): Promise<void> {
    closing ??= end();
    return closing;
  }

  return {
    client,
    async connect(signal) {
      const stop = () => void close();
      // The client itself watches the signal in its first request only.
      signal.addEventListener("abort", stop, { once: true });
      await client.connect(transport, { signal, timeout: connectTimeout });
      signal.removeEventListener("abort", stop);
    },
    close,
  };
}
