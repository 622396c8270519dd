import { isIP } from "node:net";
import { list, type ValueKind, valueKind } from "./value-kind.ts";

const hostName = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** A host name or an IP address in lower case and without the brackets of IPv6; `undefined` for anything else. */
function readHost(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const host = value
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1");
  return isIP(host) !== 0 || hostName.test(host) ? host : undefined;
}

/** The address to listen on. */
export function hostAddress(): ValueKind<string> {
  return valueKind("address", "a host name or an IP address, without scheme or port", readHost);
}

/** Names that the Host header may carry: a host, `*.` and a host for all names below it, or `*`. */
export function hostList(): ValueKind<string[]> {
  return list("hosts", "host names without scheme or port, like hub.example.com, *.example.com or *", (item) => {
    if (item === "*") return item;
    const below = item.startsWith("*.") ? "*." : "";
    const host = readHost(item.slice(below.length));
    return host === undefined ? undefined : below + host;
  });
}

/** Values that the Origin header may carry; `loopback` stands for every page that this machine serves itself. */
export function originList(): ValueKind<string[]> {
  return list("origins", "origins like https://app.example.com, loopback, null or *", (item) => {
    if (item === "loopback" || item === "null" || item === "*") return item;
    if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+\/?$/i.test(item) || !URL.canParse(item)) return undefined;
    const { origin } = new URL(item);
    // Schemes of desktop shells and extensions have no origin for `URL`; browsers send them as they are written.
    return origin === "null" ? item.replace(/\/$/, "") : origin;
  });
}

/** Addresses as they stand in URLs, and networks of them. */
export function networkList(): ValueKind<string[]> {
  return list("addresses", "host names, IP addresses or networks like 192.168.0.0/16", (item) => {
    const [address = "", bits, ...rest] = item.split("/");
    if (bits === undefined) return readHost(item);
    const version = isIP(address);
    const fits = /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
    return version !== 0 && fits && rest.length === 0 ? `${address.toLowerCase()}/${Number(bits)}` : undefined;
  });
}
