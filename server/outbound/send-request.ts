import type { Dispatcher } from "undici";
import { decompressed } from "./decompressed.ts";
import { Exchange, limitFor } from "./exchange.ts";
import type { BodyLimit } from "./incoming-body.ts";
import { keepWithSignal } from "./keep-with-signal.ts";

/** A `fetch` and the connections that it keeps; `close` breaks them off. */
export type Outbound = { fetch: typeof globalThis.fetch; close(): Promise<void> };

/**
 * What the platform's `fetch` does, at a third of its cost: it answers with the platform's `Response`, but knows no cache, no
 * cookies and no redirects. An abort closes the connection at once. `limit` is for the bodies of answers that are no errors.
 */
export async function sendRequest(
  dispatcher: Dispatcher,
  input: string | URL | Request,
  init: RequestInit = {},
  limit?: BodyLimit,
): Promise<Response> {
  const request = input instanceof Request || !isPlain(init.body) ? new Request(input, init) : undefined;
  const { method = "GET", headers, signal } = request ?? init;
  const body = request === undefined ? init.body : new Uint8Array(await request.arrayBuffer());
  const url = input instanceof URL ? input : new URL(input instanceof Request ? input.url : input);
  if (url.username !== "" || url.password !== "") throw new TypeError("The URL holds a user name or a password.");
  signal?.throwIfAborted();
  if (request !== undefined) keepWithSignal(request.signal, request, input);

  const exchange = new Exchange(url, signal ?? undefined, limit);
  const options = {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: method.toUpperCase(),
    headers: flat(headers),
    body: isPlain(body) ? body : null,
  };
  dispatcher.dispatch(options, exchange);
  const response = await exchange.response;
  return decompressed(response, limitFor(response.status, limit));
}

/** Whether it can be sent as it is; the platform turns anything else into bytes. */
function isPlain(body: unknown): body is string | Uint8Array | null | undefined {
  return body === undefined || body === null || typeof body === "string" || body instanceof Uint8Array;
}

/** Names and values in turn, and the wish for bytes as they are: decompressing small events costs more than it saves. */
function flat(headers: RequestInit["headers"]): string[] {
  const list: string[] = ["accept-encoding", "identity"];
  // A list goes out as it is: sorting and joining it would cost as much as sending it.
  const pairs = Array.isArray(headers) || headers instanceof Headers ? headers : new Headers(headers);
  for (const [name = "", value = ""] of pairs) if (name.toLowerCase() !== "accept-encoding") list.push(name, value);
  return list;
}
