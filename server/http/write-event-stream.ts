import type { ServerResponse } from "node:http";
import type { Headers } from "../operation.ts";
import { drained } from "./drained.ts";

const streamHeaders: Headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  // Proxies that collect replies before passing them on would turn a stream into a wait.
  "x-accel-buffering": "no",
};

export type EventStreamOptions = {
  outgoing: ServerResponse;
  headers: Headers;
  /** Whole records; taken only as fast as the client reads. */
  chunks: AsyncIterable<string>;
  /** Milliseconds of silence after which a comment is sent. */
  heartbeat: number;
  gone: AbortSignal;
};

/** Writes an event stream at the reader's pace, with a comment in silence, and ends it. */
export async function writeEventStream(options: EventStreamOptions): Promise<void> {
  const { outgoing, gone } = options;
  outgoing.writeHead(200, { ...streamHeaders, ...options.headers });
  outgoing.flushHeaders();
  let silent = true;
  const heartbeat = setInterval(() => {
    if (silent && !outgoing.writableNeedDrain) outgoing.write(": waiting\n\n");
    silent = true;
  }, options.heartbeat);
  try {
    for await (const chunk of options.chunks) {
      if (gone.aborted) return;
      silent = false;
      if (!outgoing.write(chunk)) await drained(outgoing, gone);
    }
    outgoing.end();
  } finally {
    clearInterval(heartbeat);
  }
}
