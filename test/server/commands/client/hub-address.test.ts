import { expect, test } from "vitest";
import { givenAddress, hubKey } from "../../../../server/commands/client/hub-address.ts";
import { commandLine } from "../../../cases/command-line.ts";

function address(url: string): string | undefined {
  return givenAddress({ url, outside: commandLine().outside });
}

test.each([
  ["http://127.0.0.1:4460", "http://127.0.0.1:4460"],
  ["https://hub.example/", "https://hub.example"],
  ["https://proxy.example/hub//", "https://proxy.example/hub"],
  ["http://127.0.0.1:4460/v1beta", "http://127.0.0.1:4460"],
  ["https://proxy.example/hub/v1/", "https://proxy.example/hub"],
])("the hub at %s is spoken to at %s", (given, spoken) => {
  expect(address(given)).toBe(spoken);
});

test("an address is refused with what is wrong, and no password in it is repeated", () => {
  expect(() => address("here")).toThrow('expected something like http://127.0.0.1:4460, not "here"');
  expect(() => address("http://host/?key=x")).toThrow("without ? and #");
  expect(() => address("http://host/#x")).toThrow("without ? and #");
  for (const secret of [
    "http://me:hush@host",
    "http://hush@host",
    "me:hush@host",
    "ftp://me:hush@host",
    "//me:hush@h",
  ]) {
    expect(() => address(secret)).toThrow(/^the address of the hub: (?!.*hush)/);
  }
});

test("the flag wins over the variable, and an empty variable is none", () => {
  const { outside } = commandLine({ env: { INTERACTIONS_HUB_URL: "http://one" } });
  expect(givenAddress({ url: undefined, outside })).toBe("http://one");
  expect(givenAddress({ url: "http://two", outside })).toBe("http://two");
  expect(
    givenAddress({ url: undefined, outside: commandLine({ env: { INTERACTIONS_HUB_URL: "" } }).outside }),
  ).toBeUndefined();
});

test("a key is sent without the line end of its file; what no key can be is refused and not repeated", () => {
  expect(hubKey({})).toBeUndefined();
  expect(hubKey({ INTERACTIONS_HUB_KEY: "sesame\r\n" })).toBe("sesame");
  for (const key of ["hush\nhush", "hush hush", "hushж"]) {
    expect(() => hubKey({ INTERACTIONS_HUB_KEY: key })).toThrow(/^INTERACTIONS_HUB_KEY holds (?!.*hush)/);
  }
});
