import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

type Request = [incoming: IncomingMessage, outgoing: ServerResponse];
type Upgrade = [incoming: IncomingMessage, socket: Duplex, head: Buffer];

/**
 * Lets those wait who come while a server listens and has nobody yet who answers. What it gives lets them in, in their order,
 * to whoever listens by then.
 */
export function holdEarly(server: Server): () => void {
  const requests: Request[] = [];
  const upgrades: Upgrade[] = [];
  const holdRequest = (...request: Request) => void requests.push(request);
  const holdUpgrade = (...upgrade: Upgrade) => {
    const [, socket] = upgrade;
    // Whoever goes away while they wait leaves an error that is nobody's fault.
    socket.on("error", () => socket.destroy());
    upgrades.push(upgrade);
  };
  server.on("request", holdRequest).on("upgrade", holdUpgrade);
  return () => {
    server.off("request", holdRequest).off("upgrade", holdUpgrade);
    for (const [incoming, outgoing] of requests) {
      if (!outgoing.destroyed) server.emit("request", incoming, outgoing);
    }
    for (const [incoming, socket, head] of upgrades) {
      if (!socket.destroyed) server.emit("upgrade", incoming, socket, head);
    }
  };
}
