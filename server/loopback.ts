import { BlockList, isIP } from "node:net";

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet("127.0.0.0", 8, "ipv4");
loopbackAddresses.addAddress("::1", "ipv6");
loopbackAddresses.addSubnet("::ffff:127.0.0.0", 104, "ipv6");

/** Whether an IP address (without brackets) can only be reached from the same machine. */
function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopbackAddresses.check(address, version === 4 ? "ipv4" : "ipv6");
}

/**
 * Whether a host in a URL or a Host header means the same machine. Browsers resolve `localhost` and everything below it
 * to loopback themselves (RFC 6761), so no foreign name server can point these names elsewhere.
 */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || isLoopbackAddress(host);
}
