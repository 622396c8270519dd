import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { HubError } from "../../schema/core/error.ts";
import type { UpgradeOperation } from "../operation.ts";
import type { AppOptions } from "./app-options.ts";
import { hostPolicy } from "./guards/host-check.ts";
import { callerKey, rightsOf } from "./guards/key-check.ts";
import { checkOrigin } from "./guards/origin-check.ts";
import { originPolicy } from "./guards/origin-policy.ts";
import { jsonOf } from "./guards/read-json.ts";
import { headerReader, pathOf } from "./incoming-parts.ts";

/** Lets connections become WebSockets at the paths that speak over them, behind the same guards as every request. */
export function acceptUpgrades(server: Server, operations: readonly UpgradeOperation[], options: AppOptions): void {
  const checkHost = hostPolicy({ bound: options.host, allowed: options.allowedHosts });
  const allows = originPolicy(options.allowedOrigins);
  const byPath = new Map(operations.map((operation) => [operation.path, operation]));

  async function accept(incoming: IncomingMessage, socket: Duplex, head: Buffer, requestId: string): Promise<void> {
    const header = headerReader(incoming);
    checkHost(header("host"));
    checkOrigin(allows, "GET", header);
    const operation = byPath.get(pathOf(incoming));
    if (operation === undefined) throw new HubError("not_found", "There is no WebSocket here.");
    await operation.handle({
      incoming,
      socket,
      head,
      requestId,
      identify: (named, query) => ({
        rights: rightsOf(options.keys, named, query),
        callerKey: callerKey(options.keys, named, query),
      }),
      json: (message) => jsonOf(message, options.limits),
    });
  }

  server.on("upgrade", (incoming, socket, head) => {
    const requestId = options.requestId();
    // Whoever goes away while it is decided leaves an error that is nobody's fault.
    socket.on("error", () => socket.destroy());
    const line = { request_id: requestId, method: "GET", path: pathOf(incoming) };
    accept(incoming, socket, head, requestId).then(
      () => options.report({ ...line, status: 101 }),
      (error) => {
        const { status, body } = options.errorReply(error);
        options.report({ ...line, status, error });
        refuse(socket, status, JSON.stringify(body));
      },
    );
  });
}

function refuse(socket: Duplex, status: number, text: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(text)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}
