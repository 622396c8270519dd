import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike, TransportSendOptions } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, isJSONRPCRequest, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { ServerTrouble } from "./server-trouble.ts";
import { type RequestId, watchFetch } from "./watched-fetch.ts";

/** Milliseconds after the end of an answer's stream within which all that it held has been read. */
const READING = 1_000;

const brokenOff = new ServerTrouble("upstream_error", "broke off its answer");

export type McpTransportOptions = {
  url: URL;
  headers: Readonly<Record<string, string>>;
  fetch: FetchLike;
  limit: (method: string) => number;
  farewell: number;
};

/**
 * The official transport, but a request whose stream has ended without an answer fails at once instead of waiting for its
 * deadline; unless the server has said how the stream can be resumed, which the transport then does.
 */
export class McpTransport extends StreamableHTTPClientTransport {
  readonly #resumable = new Set<RequestId>();

  constructor({ url, headers, fetch, limit, farewell }: McpTransportOptions) {
    let tell = (_id: RequestId, _cause?: ServerTrouble): void => {};
    const watched = watchFetch({ fetch, limit, farewell, ended: (id, cause) => tell(id, cause) });
    super(url, { fetch: watched, requestInit: { headers: { ...headers } } });
    tell = (id, cause) => this.#ended(id, cause);
  }

  override async send(message: JSONRPCMessage | JSONRPCMessage[], options?: TransportSendOptions): Promise<void> {
    if (Array.isArray(message) || !isJSONRPCRequest(message)) return super.send(message, options);
    const { id } = message;
    return super.send(message, { ...options, onresumptiontoken: () => this.#resumable.add(id) });
  }

  #ended(id: RequestId, cause?: ServerTrouble): void {
    if (cause !== undefined) this.#fail(id, cause);
    else setTimeout(() => this.#judge(id), READING).unref();
  }

  #judge(id: RequestId): void {
    if (!this.#resumable.has(id)) this.#fail(id, brokenOff);
  }

  /** Answers for the server. A request that has its answer already is not concerned. */
  #fail(id: RequestId, cause: ServerTrouble): void {
    const error = { code: ErrorCode.ConnectionClosed, message: cause.message, data: cause };
    this.onmessage?.({ jsonrpc: "2.0", id, error });
  }
}
