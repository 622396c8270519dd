import type { ServerResponse } from "node:http";

/** Resolves when the socket takes more, or when nobody reads any more. */
export function drained(outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done);
      gone.removeEventListener("abort", done);
      resolve();
    };
    if (gone.aborted) return resolve();
    outgoing.once("drain", done);
    gone.addEventListener("abort", done, { once: true });
  });
}
