import { Agent } from "undici";
import { HubError } from "../../schema/core/error.ts";
import { createAddressGuard } from "./address-guard.ts";
import { guardedConnector, type Lookup } from "./guarded-connector.ts";
import { keepWithSignal } from "./keep-with-signal.ts";
import { type Outbound, sendRequest } from "./send-request.ts";

export type GuardedFetchOptions = {
  /** What may be asked beside public addresses; see `createAddressGuard`. */
  allowed: readonly string[];
  /** Milliseconds. */
  connectTimeout: number;
  /** In place of the system's. */
  lookup?: Lookup;
};

const MOST_REDIRECTS = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What tells another server nothing that was meant for the first one. */
const harmless = ["accept", "accept-language", "content-type", "mcp-protocol-version", "user-agent"];

/**
 * A `fetch` for addresses that users name: it goes only to public ones and to those that are allowed, on every hop of a
 * redirect too. Another origin gets neither keys nor cookies nor any other header that was meant for the first. A refusal is
 * a `HubError` (`invalid_request`).
 */
export function createGuardedFetch({ allowed, connectTimeout, lookup }: GuardedFetchOptions): Outbound {
  const connect = guardedConnector(createAddressGuard(allowed), connectTimeout, lookup);
  const agent = new Agent({ connect, headersTimeout: 0, bodyTimeout: 0, allowH2: false });

  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    let hop = await firstHop(input, init);
    for (let count = 0; ; count += 1) {
      const response = await sendRequest(agent, checkedUrl(hop.url), hop.init).catch(throwRefusal);
      const location = response.headers.get("location");
      if (!redirects.has(response.status) || location === null || init?.redirect === "manual") return response;
      await response.body?.cancel();
      if (count === MOST_REDIRECTS)
        throw new HubError("invalid_request", `'${hop.url.host}' redirects more than ${MOST_REDIRECTS} times.`);
      hop = nextHop(hop, response.status, location);
    }
  }
  return { fetch, close: () => agent.destroy() };
}

type Hop = { url: URL; init: RequestInit & { headers: Headers } };

async function firstHop(input: string | URL | Request, init: RequestInit = {}): Promise<Hop> {
  if (!(input instanceof Request))
    return { url: new URL(input), init: { ...init, headers: new Headers(init.headers) } };
  const { url, method, headers, signal } = input;
  keepWithSignal(signal, input);
  const body = input.body === null ? null : new Uint8Array(await input.arrayBuffer());
  const own = init.headers === undefined ? headers : init.headers;
  return { url: new URL(url), init: { method, signal, body, ...init, headers: new Headers(own) } };
}

/** As the Fetch standard redirects (section 4.4), but that another origin gets no header that could be a secret. */
function nextHop({ url, init }: Hop, status: number, location: string): Hop {
  const target = URL.parse(location, url);
  if (target === null) throw new HubError("invalid_request", `'${url.host}' redirects to no address.`);
  const headers = new Headers(init.headers);
  const method = init.method?.toUpperCase() ?? "GET";
  const asGet = status === 303 ? method !== "HEAD" : status < 303 && method === "POST";
  if (asGet) headers.delete("content-type");
  if (target.origin !== url.origin)
    for (const name of [...headers.keys()]) if (!harmless.includes(name)) headers.delete(name);
  const rest = asGet ? { ...init, method: "GET", body: null } : init;
  return { url: target, init: { ...rest, headers } };
}

function checkedUrl(url: URL): URL {
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new HubError("invalid_request", `'${url.protocol}' cannot be fetched, only http: and https:.`);
  if (url.username !== "" || url.password !== "")
    throw new HubError("invalid_request", `The URI at '${url.host}' holds a user name or a password.`);
  return url;
}

/** The refusal itself, not that something failed because of it. */
function throwRefusal(error: unknown): never {
  throw error instanceof Error && error.cause instanceof HubError ? error.cause : error;
}
