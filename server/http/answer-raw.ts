import type { IncomingMessage, ServerResponse } from "node:http";
import type { Headers, RawOperation } from "../operation.ts";
import type { AppOptions } from "./app-options.ts";
import { corsHeaders } from "./guards/cors.ts";
import { hostPolicy } from "./guards/host-check.ts";
import { callerKey, rightsOf } from "./guards/key-check.ts";
import { checkOrigin } from "./guards/origin-check.ts";
import { originPolicy } from "./guards/origin-policy.ts";
import { jsonOf } from "./guards/read-json.ts";
import { headerReader, pathOf, queryReader } from "./incoming-parts.ts";
import { readIncoming } from "./read-incoming.ts";
import { takeTurn } from "./take-turn.ts";

/** Answers a request if it is for a front that does so with its own hands; says whether it does. */
export type RawListener = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/**
 * Hands requests to fronts that answer with their own hands, behind the same guards as every other. They do not go through
 * the router, which would cost as much as a small query; what their paths are asked by other methods does.
 */
export function createRawListener(options: AppOptions): RawListener {
  const checkHost = hostPolicy({ bound: options.host, allowed: options.allowedHosts });
  const allows = originPolicy(options.allowedOrigins);
  const byMethod = new Map<string, RawOperation>(
    options.rawOperations.flatMap((operation) =>
      operation.methods.map((method) => [`${method} ${operation.path}`, operation] as const),
    ),
  );

  async function answer(operation: RawOperation, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const header = headerReader(incoming);
    const { method = "GET" } = incoming;
    const request_id = options.requestId();
    const line = { method, path: operation.path, request_id };
    const headers: Headers = { vary: "origin", "x-request-id": request_id };
    try {
      checkHost(header("host"));
      checkOrigin(allows, method, header);
      // Only pages that are admitted may read even what is wrong.
      const origin = header("origin");
      if (origin !== undefined) Object.assign(headers, corsHeaders(origin));
      const query = queryReader(incoming);
      const rights = rightsOf(options.keys, header, query);
      const { gone, turn } = takeTurn({ incoming, outgoing });
      await turn;
      if (incoming.socket.destroyed) return;
      await operation.handle({
        incoming,
        outgoing,
        headers,
        rights,
        callerKey: () => callerKey(options.keys, header, query),
        body: () => readIncoming(incoming, options.limits.body_bytes),
        json: (body) => jsonOf(body, options.limits),
        requestId: request_id,
        gone,
        report: (status, error) => options.report({ ...line, status, ...(error === undefined ? {} : { error }) }),
      });
    } catch (error) {
      const { status, headers: more, body } = options.errorReply(error);
      options.report({ ...line, status, error });
      if (outgoing.headersSent) outgoing.destroy();
      else writeError(outgoing, status, { ...headers, ...more }, JSON.stringify(body));
    }
  }

  return (incoming, outgoing) => {
    const operation = byMethod.get(`${incoming.method} ${pathOf(incoming)}`);
    if (operation === undefined) return false;
    answer(operation, incoming, outgoing);
    return true;
  };
}

function writeError(outgoing: ServerResponse, status: number, headers: Headers, text: string): void {
  // What is left of a body that nobody reads would stand before the next request.
  outgoing.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(text),
    ...(status === 413 ? { connection: "close" } : {}),
    ...headers,
  });
  outgoing.end(text);
}
