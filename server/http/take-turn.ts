import type { HttpBindings } from "@hono/node-server";
import { HubError } from "../../schema/core/error.ts";

/** One for all: making an error with its stack for every reply would cost more than routing it. */
const goneReason = new HubError("cancelled", "The client went away.");

/** Requests that may wait behind a reply on one connection. No client of ours sends ahead at all. */
const MOST_WAITING = 100;

/** The last reply that a connection is to give: when it is out, and how many others are to come before it. */
const queues = new WeakMap<object, { out: Promise<void>; before: number }>();

/**
 * `gone` aborts when the connection closes or the reply is out, whichever comes first. `turn` resolves when the replies
 * before this one on the same connection are out: a client that sends a thousand requests ahead and reads nothing must not
 * have a thousand replies made and kept for it. One that sends too many loses its connection.
 */
export function takeTurn({ incoming, outgoing }: HttpBindings): { gone: AbortSignal; turn: Promise<void> | undefined } {
  const controller = new AbortController();
  const { socket } = incoming;
  const queue = queues.get(socket);
  if (outgoing.closed) {
    controller.abort(goneReason);
    return { gone: controller.signal, turn: queue?.out };
  }
  const { promise: out, resolve } = Promise.withResolvers<void>();
  const before = queue === undefined ? 0 : queue.before + 1;
  const place = { out, before };
  queues.set(socket, place);
  outgoing.once("close", () => {
    controller.abort(goneReason);
    if (queues.get(socket) === place) queues.delete(socket);
    else place.before = 0;
    resolve();
  });
  if (before > MOST_WAITING) socket.destroy();
  return { gone: controller.signal, turn: queue?.out };
}
