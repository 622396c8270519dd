import type { ServerResponse } from "node:http";
import type { JsonValue } from "../../schema/core/json.ts";
import type { Headers } from "../operation.ts";

export type LateJsonOptions = {
  outgoing: ServerResponse;
  headers: Headers;
  body: Promise<JsonValue>;
  /** Milliseconds between two signs of life. */
  heartbeat: number;
  gone: AbortSignal;
};

/** Sends the head of a reply at once and its JSON when it is there; until then spaces, which JSON allows before a value. */
export async function writeLateJson({ outgoing, headers, body, heartbeat, gone }: LateJsonOptions): Promise<void> {
  // Heard from here on, also if the head cannot be written.
  body.catch(() => {});
  outgoing.writeHead(200, headers);
  outgoing.write(" ");
  const alive = setInterval(() => {
    if (!outgoing.writableNeedDrain) outgoing.write(" ");
  }, heartbeat);
  const rest = () => clearInterval(alive);
  gone.addEventListener("abort", rest, { once: true });
  try {
    outgoing.end(JSON.stringify(await body));
  } finally {
    rest();
  }
}
