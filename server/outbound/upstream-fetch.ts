import { Agent } from "undici";
import { HubError } from "../../schema/core/error.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { BodyLimit } from "./incoming-body.ts";
import { type Outbound, sendRequest } from "./send-request.ts";

/** More than the longest answers that there are, in any vendor's words, and less than would fill the memory. */
const LARGEST_ANSWER = 256 * 2 ** 20;
const limit: BodyLimit = {
  bytes: LARGEST_ANSWER,
  reason: new HubError("upstream_error", `The upstream sent an answer of more than ${LARGEST_ANSWER} bytes.`),
};

/**
 * A `fetch` for requests to upstreams. A redirect is an error, for following it would carry the key to where nobody sent it.
 * Connections are kept alive, and as many are opened to an upstream as there are answers at once. Only opening a connection
 * has a deadline here, in milliseconds; answers take as long as whoever reads them lets them.
 */
export function createUpstreamFetch({ connectTimeout }: { connectTimeout: number }): Outbound {
  const agent = new Agent({
    connect: { timeout: connectTimeout },
    headersTimeout: 0,
    bodyTimeout: 0,
    // On a connection that several answers share, none could be closed at once.
    allowH2: false,
  });
  return {
    async fetch(input, init) {
      const response = await sendRequest(agent, input, init, limit);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      void response.body?.cancel();
      const target = URL.parse(location, response.url);
      const place = target === null ? "" : ` to '${shortened(`${target.origin}${target.pathname}`)}'`;
      const message = `The upstream redirects${place}, which its key does not follow: set its base_url to where it is.`;
      throw new HubError("upstream_error", message);
    },
    close: () => agent.destroy(),
  };
}
