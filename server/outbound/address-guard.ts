import { BlockList, isIP } from "node:net";
import { HubError } from "../../schema/core/error.ts";
import { addNet, embeddedAddress, holds, isPublicAddress } from "./public-address.ts";

/** Where a request would go: the host as its URL names it (without brackets), and the address that it would connect to. */
export type Destination = { host: string; port: number; address: string };

/** Whether a request may go there. */
export type AddressGuard = (destination: Destination) => boolean;

type Rule = (destination: Destination) => boolean;

/**
 * Public addresses, and what the configuration allows beside them: `*`, the name of a host (whatever it resolves to), an
 * address, a net (`10.1.0.0/16`), and a name or an address with a port (`[fd00::1]:8080`). Throws a `HubError` for anything
 * else: a rule that means nothing must not look like one that holds.
 */
export function createAddressGuard(allowed: readonly string[]): AddressGuard {
  const rules = allowed.map(ruleOf);
  return (destination) => isPublicAddress(destination.address) || rules.some((allows) => allows(destination));
}

function ruleOf(entry: string): Rule {
  if (entry === "*") return () => true;
  if (entry.includes("/")) return withinNet(entry);
  if (isIP(entry) !== 0) return withinNet(`${entry}/${isIP(entry) === 4 ? 32 : 128}`);
  const [, bracketed, name, port] = /^(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const host = (bracketed ?? name ?? "").toLowerCase();
  if (host === "" || (bracketed !== undefined && isIP(bracketed) !== 6)) throw unusable(entry);
  const atHost = isIP(host) === 0 ? isNamed(host) : ruleOf(host);
  return (destination) => (port === undefined || destination.port === Number(port)) && atHost(destination);
}

function isNamed(name: string): Rule {
  return ({ host }) => host.toLowerCase().replace(/\.$/, "") === name;
}

function withinNet(net: string): Rule {
  const list = new BlockList();
  try {
    addNet(list, net);
  } catch (cause) {
    throw unusable(net, cause);
  }
  return ({ address }) => holds(list, address) || holds(list, embeddedAddress(address) ?? address);
}

function unusable(entry: string, cause?: unknown): HubError {
  const kinds = "a host, an address, a net, either of the first two with a port, or *";
  return new HubError("invalid_request", `outbound.allow: '${entry}' is not ${kinds}.`, { cause });
}
