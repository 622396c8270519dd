import type { ExecutionResult } from "graphql";
import type { Exchange } from "../../operation.ts";

export type ResultOptions = {
  exchange: Exchange;
  /** The media type of the answer. */
  form: string;
  result: Promise<ExecutionResult> | ExecutionResult;
  /** Milliseconds of silence after which the client is shown that somebody works for it. */
  heartbeat: number;
};

/**
 * Writes one result. What takes long, as a run of a model may, begins with spaces, which JSON allows before a value: what
 * stands between server and client would close a connection that is silent. Says whether it has written anything: what
 * could not even begin has a status by the form of the answer, which is not for here.
 */
export async function writeResult({ exchange, form, result, heartbeat }: ResultOptions): Promise<boolean> {
  const { outgoing, headers, gone } = exchange;
  const head = { "content-type": `${form}; charset=utf-8`, "cache-control": "no-store", ...headers };
  const alive = setInterval(() => {
    if (gone.aborted || outgoing.writableNeedDrain) return;
    if (!outgoing.headersSent) outgoing.writeHead(200, head);
    outgoing.write(" ");
  }, heartbeat);
  let done: ExecutionResult;
  try {
    done = result instanceof Promise ? await result : result;
  } finally {
    clearInterval(alive);
  }
  if (!outgoing.headersSent) {
    if (done.data === undefined) return false;
    const text = JSON.stringify(done);
    outgoing.writeHead(200, { ...head, "content-length": Buffer.byteLength(text) });
    outgoing.end(text);
  } else outgoing.end(JSON.stringify(done));
  exchange.report(200);
  return true;
}
