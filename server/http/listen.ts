import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Resolves with the port once the server listens; rejects with the system's error (`EADDRINUSE`, `EACCES`). */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no more connections, lets open replies end for so many milliseconds, then cuts what is left. */
export function closeServer(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), grace);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
