import type { MiddlewareHandler } from "hono";
import { HubError } from "../../../schema/core/error.ts";
import type { Read } from "../../operation.ts";
import type { OriginPolicy } from "./origin-policy.ts";

/**
 * Refuses what a web page of a foreign site sends. Withholding CORS headers alone would only keep the page from reading
 * the answer: a form or a text/plain post needs no preflight and would still run. Keys do not lift this, because a
 * preflight carries none. Programs that are no browsers send neither header and pass.
 */
export function originCheck(allows: OriginPolicy): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    checkOrigin(allows, req.method, req.header.bind(req));
    await next();
  };
}

/** The same for what is no request to a router: throws for a page that is refused. */
export function checkOrigin(allows: OriginPolicy, method: string, header: Read): void {
  const origin = header("origin");
  if (origin === undefined) {
    // Images, scripts and frames of a foreign page send no Origin with GET; browsers mark them all the same.
    if (header("sec-fetch-site") === "cross-site" && !isFollowedLink(method, header)) {
      throw new HubError("permission_denied", "Web pages of other sites may not use this server.");
    }
  } else if (!allows(origin, header("host"))) {
    throw new HubError(
      "permission_denied",
      "Web pages of this origin may not use this server; its operator can add the origin to allowed_origins.",
    );
  }
}

/** A person who follows a link to the server, in a window of its own, is no page that drives it. */
function isFollowedLink(method: string, header: Read): boolean {
  const reads = method === "GET" || method === "HEAD";
  return reads && header("sec-fetch-mode") === "navigate" && header("sec-fetch-dest") === "document";
}
