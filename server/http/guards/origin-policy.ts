import { isLoopbackHost } from "../../loopback.ts";
import { hostOf } from "./host-check.ts";

/** Whether the web page of an origin may use the server; `host` is the request's Host header. */
export type OriginPolicy = (origin: string, host: string | undefined) => boolean;

/**
 * Builds the policy from the setting `allowed_origins`: exact origins, `null`, `*`, and `loopback` for every page that
 * this machine serves itself. Pages that the server serves pass always: their origin is the Host that they asked.
 */
export function originPolicy(allowed: readonly string[]): OriginPolicy {
  const origins = new Set(allowed);
  return (origin, host) => {
    if (origins.has("*") || origins.has(origin)) return true;
    const authority = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
    if (authority === undefined) return false;
    if (authority === host?.toLowerCase()) return true;
    if (!origins.has("loopback")) return false;
    const name = hostOf(authority);
    return name !== undefined && isLoopbackHost(name);
  };
}
