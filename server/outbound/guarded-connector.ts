import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { HubError } from "../../schema/core/error.ts";
import type { AddressGuard } from "./address-guard.ts";

/** Resolves a name; the system's own by default. */
export type Lookup = (host: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const systemLookupAll: Lookup = (host, done) => systemLookup(host, { all: true }, done);

/**
 * Opens connections only to where the guard lets it. It judges the addresses themselves, every one that a name resolves to,
 * and connects to one of exactly these: a name that resolves to something else a moment later leads nowhere new.
 */
export function guardedConnector(
  guard: AddressGuard,
  timeout: number,
  lookup: Lookup = systemLookupAll,
): buildConnector.connector {
  return (options, callback) => {
    const { protocol } = options;
    const port = Number(options.port || (protocol === "https:" ? 443 : 80));
    const host = options.hostname.replace(/^\[|\]$/g, "");
    const refusalOf = (addresses: readonly string[]): HubError | undefined =>
      addresses.every((address) => guard({ host, port, address })) ? undefined : notPublic(host, port);

    const refusal = isIP(host) === 0 ? undefined : refusalOf([host]);
    if (refusal !== undefined) {
      callback(refusal, null);
      return;
    }
    const resolve: LookupFunction = (name, { all }, done) => {
      lookup(name, (error, addresses) => {
        const [first] = error === null ? addresses : [];
        if (first === undefined) return done(error ?? new Error(`'${host}' has no address.`), "");
        const refused = refusalOf(addresses.map(({ address }) => address));
        if (refused !== undefined) return done(refused, "");
        return all === true ? done(null, addresses) : done(null, first.address, first.family);
      });
    };
    buildConnector({ timeout, allowH2: false, lookup: resolve })({ ...options, hostname: host }, callback);
  };
}

function notPublic(host: string, port: number): HubError {
  return new HubError(
    "invalid_request",
    `'${host}' (port ${port}) is not a public address; allow it with outbound.allow.`,
  );
}
