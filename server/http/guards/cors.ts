import type { MiddlewareHandler } from "hono";

/** Every header that the official SDKs send and those for parts of media, one by one: a `*` would not cover Authorization. */
const requestHeaders = [
  "accept",
  "api-revision",
  "authorization",
  "content-type",
  "if-match",
  "if-none-match",
  "if-range",
  "last-event-id",
  "range",
  "user-agent",
  "x-goog-api-client",
  "x-goog-api-key",
  "x-goog-user-project",
  "x-server-timeout",
  "x-stainless-arch",
  "x-stainless-lang",
  "x-stainless-os",
  "x-stainless-package-version",
  "x-stainless-retry-count",
  "x-stainless-runtime",
  "x-stainless-runtime-version",
  "x-stainless-timeout",
].join(", ");

const methods = "GET, POST, DELETE, OPTIONS";
const readableHeaders =
  "accept-ranges, api-revision, content-disposition, content-range, etag, retry-after, x-request-id";
/** Seconds for which a browser remembers a preflight's answer. */
const preflightLifetime = "600";

/** The headers by which a browser lets the page of an admitted origin read an answer; for answers written by hand. */
export function corsHeaders(origin: string): { [name: string]: string } {
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": readableHeaders,
  };
}

/**
 * Answers preflights and marks answers as readable. It stands behind the origin check and trusts every Origin it sees.
 * Handlers append to Vary and never set it.
 */
export function cors(): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header("origin");
    if (origin === undefined) {
      context.header("vary", "origin", { append: true });
      return next();
    }
    if (context.req.method === "OPTIONS" && context.req.header("access-control-request-method") !== undefined) {
      return preflight(origin, context.req.header("access-control-request-private-network") === "true");
    }
    await next();
    // Only now, so that answers which the handler built itself, and those of errors, get them too.
    for (const [name, value] of Object.entries(corsHeaders(origin))) context.header(name, value);
    context.header("vary", "origin", { append: true });
  };
}

function preflight(origin: string, privateNetwork: boolean): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(origin),
      "access-control-allow-methods": methods,
      "access-control-allow-headers": requestHeaders,
      "access-control-max-age": preflightLifetime,
      ...(privateNetwork ? { "access-control-allow-private-network": "true" } : {}),
      vary: "origin, access-control-request-method, access-control-request-headers, access-control-request-private-network",
    },
  });
}
