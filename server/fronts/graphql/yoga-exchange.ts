import { once } from "node:events";
import type { Exchange } from "../../operation.ts";
import type { Caller } from "./context.ts";
import type { Engine } from "./engine.ts";

/** Lets Yoga answer a request. */
export async function answerByYoga(
  { yoga, contextFor }: Engine,
  exchange: Exchange,
  caller: Caller,
  body: Uint8Array | undefined,
): Promise<void> {
  const { incoming, outgoing, gone } = exchange;
  const request = new yoga.fetchAPI.Request(`${caller.address}${incoming.url ?? "/"}`, {
    method: incoming.method ?? "GET",
    headers: headersOf(incoming.headers),
    signal: gone,
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
  const response = await yoga.fetch(request, contextFor(caller));
  exchange.report(response.status);
  outgoing.writeHead(response.status, { ...writable(response.headers), ...exchange.headers });
  if (response.body === null) {
    outgoing.end();
    return;
  }
  await write(response.body, exchange);
}

/** Writes what comes as it comes, at the reader's pace. Leaving the loop ends what is made for the reader. */
async function write(body: ReadableStream<Uint8Array>, { outgoing, gone }: Exchange): Promise<void> {
  const reader = body.getReader();
  const leave = () => void reader.cancel().catch(() => {});
  gone.addEventListener("abort", leave, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || gone.aborted) break;
      if (!outgoing.write(value)) await once(outgoing, "drain", { signal: gone }).catch(() => {});
    }
  } finally {
    gone.removeEventListener("abort", leave);
  }
  outgoing.end();
}

function headersOf(headers: Exchange["incoming"]["headers"]): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
}

/** Node itself says how a body is sent and whether the connection stays. */
function writable(headers: Headers): Record<string, string> {
  const { "transfer-encoding": _encoding, connection: _connection, ...rest } = Object.fromEntries(headers);
  return { "cache-control": "no-store", ...rest };
}
