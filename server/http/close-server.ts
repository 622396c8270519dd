import type { Server } from "node:http";

/** Milliseconds between two looks for connections whose last reply is out. */
const LOOK = 50;

/** Takes no more connections, lets open replies end for so many milliseconds, then cuts what is left. */
export function closeServer(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), grace);
    // A connection that is kept alive becomes idle only when its reply is out, which may be a moment from now.
    const look = setInterval(() => server.closeIdleConnections(), LOOK);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(look);
      resolve();
    });
    server.closeIdleConnections();
  });
}
