import type { Server } from "node:http";
import type { Duplex } from "node:stream";

/** What Node's parser refuses, by its code; anything else is no HTTP at all. */
const refusals: Record<string, [status: string, message: string]> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "The headers of the request are too large."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["413 Payload Too Large", "The chunk extensions of the request are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request took too long to arrive."],
};

/** Answers what cannot be parsed as a request in the same shape as every other error, and closes the connection. */
export function refuseMalformed(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    // A connection that the client has reset, or in whose midst a reply is, cannot be answered any more.
    if (error.code === "ECONNRESET" || !socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const [status, message] = refusals[error.code ?? ""] ?? ["400 Bad Request", "The request is not valid HTTP."];
    const body = JSON.stringify({ error: { code: "invalid_request", message } });
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
}

/** Node hangs the reply that is being written on the socket. */
function isAnswering(socket: Duplex & { _httpMessage?: { headersSent?: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}
