import { describe, expect, it } from "vitest";
import { createAddressGuard, type Destination } from "../../../server/outbound/address-guard.ts";

const at = (address: string, host = address, port = 80): Destination => ({ host, port, address });

describe("the guard of addresses", () => {
  const guard = createAddressGuard([]);

  it.each([
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "198.20.0.1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
  ])("lets requests go to %s, which is public", (address) => {
    expect(guard(at(address))).toBe(true);
  });

  it.each([
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.19.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:a00:1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
  ])("lets no request go to %s, which is not", (address) => {
    expect(guard(at(address))).toBe(false);
  });

  it.each([
    ["*", at("10.0.0.1")],
    ["printer.local", at("192.168.1.9", "printer.local")],
    ["printer.local", at("192.168.1.9", "PRINTER.local.")],
    ["printer.local:631", at("192.168.1.9", "printer.local", 631)],
    ["10.0.0.1", at("10.0.0.1")],
    ["10.0.0.1", at("10.0.0.1", "some.name")],
    ["10.0.0.1", at("::ffff:10.0.0.1")],
    ["10.0.0.1:8080", at("10.0.0.1", "10.0.0.1", 8080)],
    ["10.1.0.0/16", at("10.1.2.3")],
    ["fd00::/8", at("fd12::1")],
    ["::1", at("::1")],
    ["[::1]", at("::1")],
    ["[::1]:8080", at("::1", "::1", 8080)],
  ])("lets a request go where '%s' allows it: %j", (entry, destination) => {
    expect(guard(destination)).toBe(false);
    expect(createAddressGuard(["other.host", entry])(destination)).toBe(true);
  });

  it.each([
    ["printer.local", at("192.168.1.9", "evil.printer.local")],
    ["printer.local", at("192.168.1.9", "printer.local.evil.com")],
    ["printer.local:631", at("192.168.1.9", "printer.local", 80)],
    ["10.0.0.1:8080", at("10.0.0.1", "10.0.0.1", 80)],
    ["10.1.0.0/16", at("10.2.0.1")],
    ["[::1]:8080", at("::1", "::1", 80)],
    ["127.0.0.1", at("127.0.0.2")],
  ])("lets no request go beyond what '%s' allows: %j", (entry, destination) => {
    expect(createAddressGuard([entry])(destination)).toBe(false);
  });

  it.each([
    "",
    " ",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/8/8",
    "10.0.0/8",
    "host:port",
    "a b",
    "[host]",
    "http://host/",
    "host:",
  ])("refuses to be set up with '%s'", (entry) => {
    expect(() => createAddressGuard([entry])).toThrow(`outbound.allow: '${entry}' is not`);
  });
});
