import { connect } from "node:net";
import type { BenchRequest } from "./http-client.ts";

/** A client that asks and then never reads a byte. */
export type SilentReader = { isOpen(): boolean; leave(): void };

/** Resolves once the request is on its way. Whatever is answered fills the socket's buffers and stays there. */
export function openSilentReader(url: string, { method, path }: BenchRequest): Promise<SilentReader> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<SilentReader>();
  const socket = connect(Number(port), hostname);
  // Before it is connected: a socket reads as soon as it is, unless it is paused by then.
  socket.pause();
  socket.once("error", reject);
  socket.once("connect", () => {
    socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
    resolve({ isOpen: () => !socket.destroyed && socket.bytesRead === 0, leave: () => socket.destroy() });
  });
  return promise;
}
