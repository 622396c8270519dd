import { BlockList, isIPv4 } from "node:net";

// What the registries of IANA list as not global, or as deprecated (RFC 6890 and its updates).
const notPublic = new BlockList();
for (const net of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
])
  addNet(notPublic, net);
for (const net of ["2001::/23", "2001:db8::/32", "3fff::/20"]) addNet(notPublic, net);

const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");
const translated = new BlockList();
translated.addSubnet("::ffff:0:0", 96, "ipv6");
translated.addSubnet("64:ff9b::", 96, "ipv6");
const relayed = new BlockList();
relayed.addSubnet("2002::", 16, "ipv6");

/** Adds `address/prefix`; throws where it is none. */
export function addNet(list: BlockList, net: string): void {
  const [, address = "", prefix = ""] = /^([^/]+)\/(\d{1,3})$/.exec(net) ?? [];
  if (prefix === "") throw new Error(`'${net}' is not a net.`);
  list.addSubnet(address, Number(prefix), isIPv4(address) ? "ipv4" : "ipv6");
}

/** Whether a list holds an IP address. */
export function holds(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

/** Whether an IP address belongs to somebody on the internet, and not to this machine, its networks or nobody at all. */
export function isPublicAddress(address: string): boolean {
  const inner = embeddedAddress(address);
  if (inner !== undefined) return isPublicAddress(inner);
  return !holds(notPublic, address) && (isIPv4(address) || holds(global, address));
}

/** The IPv4 address that an IPv6 address only stands for: mapped, NAT64 (RFC 6052) or 6to4 (RFC 3056). */
export function embeddedAddress(address: string): string | undefined {
  if (isIPv4(address)) return undefined;
  const groups = groupsOf(address);
  if (translated.check(address, "ipv6")) return dotted(groups[6], groups[7]);
  if (relayed.check(address, "ipv6")) return dotted(groups[1], groups[2]);
  return undefined;
}

/** The eight numbers of an IPv6 address, whatever its notation. */
function groupsOf(address: string): number[] {
  const plain = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = plain.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
