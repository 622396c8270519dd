import { type Context, Hono } from "hono";
import { describe, expect, test } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { digestOf } from "../../../server/configuration/api-key.ts";
import { hostCheck } from "../../../server/http/guards/host-check.ts";
import { callerKey, keyCheck, rightsOf } from "../../../server/http/guards/key-check.ts";
import type { Rights } from "../../../server/operation.ts";

const keys = [
  { name: "first", digest: digestOf("first-key"), read_only: false },
  { name: "second", digest: digestOf("second-key"), read_only: true },
];

/** An app that answers a refusal with its code, and everything else with what went through. */
function appWith(...guards: Parameters<Hono["use"]>[1][]): Hono {
  const app = new Hono();
  for (const guard of guards) app.use("*", guard);
  app.onError((error, context) => context.text(error instanceof HubError ? error.code : String(error), 500));
  app.all("*", (context: Context) => context.text("through"));
  return app;
}

async function ask(app: Hono, path: string, headers: { [name: string]: string }): Promise<string> {
  return (await app.request(path, { headers })).text();
}

describe("the host check", () => {
  const local = appWith(
    hostCheck({ bound: "127.0.0.1", allowed: ["hub.example.com", "*.lan.example", "2001:db8::1"] }),
  );
  const open = appWith(hostCheck({ bound: "0.0.0.0", allowed: [] }));

  test.each([
    "localhost",
    "localhost:4460",
    "LOCALHOST.:80",
    "app.localhost:4460",
    "127.0.0.1:4460",
    "127.200.0.9",
    "[::1]:4460",
    "[::ffff:127.0.0.1]",
    "hub.example.com:8080",
    "Hub.Example.Com",
    "a.b.lan.example",
    "[2001:db8::1]:1",
  ])("admits %s", async (host) => {
    expect(await ask(local, "/", { host })).toBe("through");
  });

  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "notlocalhost",
    "lan.example",
    "hub.example.com.evil.example",
    "0.0.0.0",
    "192.168.1.5:4460",
    "[::2]",
    "2130706433",
    "localhost:4460, evil.example",
    "user@localhost",
    "localhost:",
    "",
  ])("refuses %j", async (host) => {
    expect(await ask(local, "/", { host })).toBe("permission_denied");
  });

  test("refuses a request without a Host header", async () => {
    expect(await ask(local, "/", {})).toBe("permission_denied");
  });

  test("on a network address admits addresses, which cannot be rebound, and no foreign name", async () => {
    expect(await ask(open, "/", { host: "192.168.1.5:4460" })).toBe("through");
    expect(await ask(open, "/", { host: "[fe80::1]:4460" })).toBe("through");
    expect(await ask(open, "/", { host: "evil.example" })).toBe("permission_denied");
  });

  test("admits every well-formed name when the operator says *", async () => {
    const any = appWith(hostCheck({ bound: "0.0.0.0", allowed: ["*"] }));
    expect(await ask(any, "/", { host: "whatever.example" })).toBe("through");
    expect(await ask(any, "/", { host: "a b" })).toBe("permission_denied");
  });
});

describe("the key check", () => {
  const guarded = appWith(keyCheck(keys, new Set(["/healthz"])));

  test.each<[string, { [name: string]: string }]>([
    ["/", { "x-goog-api-key": "first-key" }],
    ["/", { "x-goog-api-key": "second-key" }],
    ["/?key=second-key", {}],
    ["/", { authorization: "Bearer first-key" }],
    ["/", { authorization: "bearer  first-key " }],
    ["/?key=first-key", { "x-goog-api-key": "" }],
    ["/?key=first-key", { authorization: "Basic abc" }],
    // The other key is for an upstream.
    ["/", { authorization: "Bearer first-key", "x-goog-api-key": "of-the-caller" }],
    ["/?key=first-key", { "x-goog-api-key": "of-the-caller" }],
  ])("admits %s with %j", async (path, headers) => {
    expect(await ask(guarded, path, headers)).toBe("through");
  });

  test.each<[string, { [name: string]: string }]>([
    ["/", {}],
    ["/", { "x-goog-api-key": "first-ke" }],
    ["/", { "x-goog-api-key": "first-key2" }],
    ["/", { "x-goog-api-key": "first-key, second-key" }],
    ["/?key=", {}],
    ["/?key=wrong", {}],
    ["/?KEY=first-key", {}],
    ["/", { authorization: "first-key" }],
    ["/?key=wrong", { "x-goog-api-key": "wrong" }],
    ["/healthz/x", {}],
  ])("refuses %s with %j", async (path, headers) => {
    expect(await ask(guarded, path, headers)).toBe("authentication");
  });

  test.each<[string, { [name: string]: string }, string | undefined]>([
    ["/", { "x-goog-api-key": "of-the-caller" }, "of-the-caller"],
    ["/?key=of-the-caller", { "x-goog-api-key": "first-key" }, "of-the-caller"],
    ["/?key=second-key", { "x-goog-api-key": "of-the-caller" }, "of-the-caller"],
    ["/?key=second-key", { "x-goog-api-key": "first-key" }, undefined],
    ["/", { authorization: "Bearer of-the-caller" }, undefined],
    ["/", {}, undefined],
  ])("tells the key for an upstream from the hub's own in %s with %j", (path, headers, key) => {
    const url = new URL(path, "http://localhost");
    const read = (name: string) => headers[name];
    expect(callerKey(keys, read, (name) => url.searchParams.get(name) ?? undefined)).toBe(key);
  });

  test.each<[string, { [name: string]: string }, Rights]>([
    ["/", { "x-goog-api-key": "first-key" }, { readOnly: false, key: "first" }],
    ["/", { authorization: "Bearer second-key" }, { readOnly: true, key: "second" }],
    ["/?key=second-key", { "x-goog-api-key": "of-the-caller" }, { readOnly: true, key: "second" }],
    ["/?key=first-key", { "x-goog-api-key": "second-key" }, { readOnly: false, key: "first" }],
    ["/?key=second-key", { authorization: "Bearer first-key" }, { readOnly: false, key: "first" }],
  ])("finds what may be done in %s with %j: by two keys whatever one of them may", (path, headers, rights) => {
    const url = new URL(path, "http://localhost");
    const query = (name: string) => url.searchParams.get(name) ?? undefined;
    expect(rightsOf(keys, (name) => headers[name], query)).toEqual(rights);
  });

  test("lets everybody do everything, nameless, while no key is configured", () => {
    expect(
      rightsOf(
        [],
        () => "second-key",
        () => undefined,
      ),
    ).toEqual({ readOnly: false });
  });

  test("never repeats a wrong key in its message", async () => {
    const app = new Hono().use("*", keyCheck(keys));
    app.onError((error, context) => context.text(error.message));
    expect(await ask(app, "/", { "x-goog-api-key": "wr0ng" })).not.toContain("wr0ng");
  });

  test("leaves the open path open, and everything when no key is configured", async () => {
    expect(await ask(guarded, "/healthz", {})).toBe("through");
    const free = appWith(keyCheck([]));
    expect(await ask(free, "/", {})).toBe("through");
    expect(await ask(free, "/", { "x-goog-api-key": "anything" })).toBe("through");
  });
});
