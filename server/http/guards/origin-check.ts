import type { MiddlewareHandler } from "hono";
import { HubError } from "../../../schema/core/error.ts";
import type { OriginPolicy } from "./origin-policy.ts";

/**
 * Refuses what a web page of a foreign site sends. Withholding CORS headers alone would only keep the page from reading
 * the answer: a form or a text/plain post needs no preflight and would still run. Keys do not lift this, because a
 * preflight carries none. Programs that are no browsers send neither header and pass.
 */
export function originCheck(allows: OriginPolicy): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header("origin");
    if (origin === undefined) {
      // Images, scripts and frames of a foreign page send no Origin with GET; browsers mark them all the same.
      const crossSite = context.req.header("sec-fetch-site") === "cross-site";
      if (crossSite && !isFollowedLink(context.req.method, (name) => context.req.header(name))) {
        throw new HubError("permission_denied", "Web pages of other sites may not use this server.");
      }
    } else if (!allows(origin, context.req.header("host"))) {
      throw new HubError(
        "permission_denied",
        "Web pages of this origin may not use this server; its operator can add the origin to allowed_origins.",
      );
    }
    await next();
  };
}

/** A person who follows a link to the server, in a window of its own, is no page that drives it. */
function isFollowedLink(method: string, header: (name: string) => string | undefined): boolean {
  const reads = method === "GET" || method === "HEAD";
  return reads && header("sec-fetch-mode") === "navigate" && header("sec-fetch-dest") === "document";
}
