import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { createStallWatch } from "./stall-watch.ts";

/**
 * The code with which a socket is closed whose client takes too little. It is none that clients of `graphql-transport-ws`
 * take for final: they may connect again and go on from their last cursors.
 */
export const TOO_SLOW = 4413;

/** Bytes that may wait for a socket before its subscriptions wait too. */
const ENOUGH = 262_144;

/** What goes out over a socket. */
export type SocketOutlet = {
  send(message: string): void;
  /** Puts what is sent in here into as few packets as can be. */
  together(send: () => void): void;
  /** Whether what can wait should wait; `resume` is then called when it need not any more. */
  isFull(resume: () => void): boolean;
};

export type OutletOptions = {
  socket: WebSocket;
  /** The connection below the WebSocket. */
  connection: Duplex;
  /** Bytes that may wait for it before it is closed. */
  bound: number;
  stallTimeout: number;
  /** Told that the client takes too little. */
  tooSlow(): void;
};

export function createSocketOutlet({ socket, connection, bound, stallTimeout, tooSlow }: OutletOptions): SocketOutlet {
  const waiting = new Set<() => void>();
  const stall = createStallWatch(() => connection.writableLength, stallTimeout, tooSlow);
  connection.on("drain", () => {
    stall.stop();
    const resumed = [...waiting];
    waiting.clear();
    for (const resume of resumed) resume();
  });
  connection.on("close", () => {
    stall.stop();
    waiting.clear();
  });
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      // One message may be as large as it is; it is what piles up behind others that has a bound.
      if (connection.writableLength > bound) tooSlow();
      else socket.send(message);
    },
    together(send) {
      connection.cork();
      try {
        send();
      } finally {
        connection.uncork();
      }
    },
    isFull(resume) {
      if (connection.writableLength <= ENOUGH) return false;
      waiting.add(resume);
      stall.begin();
      return true;
    },
  };
}
