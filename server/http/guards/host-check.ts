import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";
import { HubError } from "../../../schema/core/error.ts";
import { isLoopbackHost } from "../../loopback.ts";

/** A host, in brackets if it is IPv6, and perhaps a port. */
const hostHeader = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/;

/** The host of a Host header or of an origin's authority, in lower case; `undefined` if it is none. */
export function hostOf(authority: string): string | undefined {
  const match = hostHeader.exec(authority.toLowerCase());
  return match?.[1] ?? match?.[2]?.replace(/\.$/, "");
}

/**
 * Refuses requests that reached the server under a name that is not its own. A web page whose name server answers with
 * this machine's address (DNS rebinding) passes the browser's same-origin rule, but its name stands in the Host header.
 * Loopback names, the host the server is bound to, and `allowed` names pass. On a server that is bound to a network
 * address every IP address passes, since only names can be rebound.
 */
export function hostCheck(hosts: Hosts): MiddlewareHandler {
  const check = hostPolicy(hosts);
  return async (context, next) => {
    check(context.req.header("host"));
    await next();
  };
}

/** Under which names the server is reached. */
export type Hosts = { bound: string; allowed: readonly string[] };

/** The same for what is no request to a router: throws for a Host header that is refused. */
export function hostPolicy({ bound, allowed }: Hosts): (header: string | undefined) => void {
  const names = new Set([bound.toLowerCase(), ...allowed]);
  const suffixes = allowed.filter((name) => name.startsWith("*.")).map((name) => name.slice(1));
  const anyAddress = !isLoopbackHost(bound);
  const passes = (host: string): boolean =>
    names.has(host) ||
    names.has("*") ||
    isLoopbackHost(host) ||
    suffixes.some((suffix) => host.endsWith(suffix)) ||
    (anyAddress && isIP(host) !== 0);

  return (header) => {
    if (header === undefined) throw new HubError("permission_denied", "The request has no Host header.");
    const host = hostOf(header);
    if (host !== undefined && passes(host)) return;
    throw new HubError(
      "permission_denied",
      "The Host header names a host that this server does not serve; its operator can add it to allowed_hosts.",
    );
  };
}
