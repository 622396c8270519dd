import { type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { HubError } from "../../schema/core/error.ts";
import type { ErrorReply } from "../operation.ts";

/** What Node's parser refuses, by its code; anything else is no HTTP at all. */
const refusals: Record<string, HubError> = {
  HPE_HEADER_OVERFLOW: new HubError("request_too_large", "The headers of the request are too large."),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new HubError(
    "request_too_large",
    "The chunk extensions of the request are too large.",
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new HubError("invalid_request", "The request took too long to arrive."),
};
const noHttp = new HubError("invalid_request", "The request is not valid HTTP.");

/** Answers what cannot be parsed as a request in the same shape as every other error, and closes the connection. */
export function refuseMalformed(server: Server, errorReply: ErrorReply): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    // The client has gone, or would take this for the answer to an earlier request.
    if (error.code === "ECONNRESET" || !socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const { status, body } = errorReply(refusals[error.code ?? ""] ?? noHttp);
    const text = JSON.stringify(body);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`,
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(text)}`,
      "connection: close",
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
  });
}

/** Node hangs the reply that is due on the socket. */
function isAnswering(socket: Duplex & { _httpMessage?: object | null }): boolean {
  return (socket._httpMessage ?? null) !== null;
}
