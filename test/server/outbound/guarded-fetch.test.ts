import { describe, expect, it, onTestFinished } from "vitest";
import { createGuardedFetch, type GuardedFetchOptions } from "../../../server/outbound/guarded-fetch.ts";
import type { RecordedRequest } from "../../cases/recorded-request.ts";
import { type ReplayServer, type ReplyScript, rawResponse, startReplayServer } from "../../cases/replay-server.ts";

type Replies = readonly ReplyScript[] | ((request: RecordedRequest, index: number) => ReplyScript);

async function serve(replies: Replies = () => ({ response: rawResponse(200, {}, "hello") })) {
  const server: ReplayServer = await startReplayServer(replies);
  onTestFinished(server.close);
  return { ...server, port: new URL(server.url).port };
}

function guarded(allowed: string[], options: Partial<GuardedFetchOptions> = {}): typeof globalThis.fetch {
  const { fetch, close } = createGuardedFetch({ allowed, connectTimeout: 500, ...options });
  onTestFinished(close);
  return fetch;
}

const refusal = { code: "invalid_request", message: expect.stringContaining("allow it with outbound.allow") };

describe("the fetch for addresses of users", () => {
  it.each([
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "localhost",
    "LOCALHOST",
  ])("does not go to this machine, however it is written: %s", async (host) => {
    const { port, openConnections, requests } = await serve();
    await expect(guarded([])(`http://${host}:${port}/`)).rejects.toMatchObject(refusal);
    await expect(guarded(["example.com"])(`https://${host}:${port}/`)).rejects.toMatchObject(refusal);
    expect(requests).toHaveLength(0);
    expect(openConnections()).toBe(0);
  });

  it("goes where the configuration allows it, by name and by address", async () => {
    const { port, requests } = await serve();
    for (const allowed of ["localhost", `localhost:${port}`, "*"])
      expect(await (await guarded([allowed])(`http://localhost:${port}/`)).text()).toBe("hello");
    for (const allowed of ["127.0.0.1", `127.0.0.1:${port}`, "127.0.0.0/8"])
      expect(await (await guarded([allowed])(`http://127.0.0.1:${port}/`)).text()).toBe("hello");
    expect(requests).toHaveLength(6);
  });

  it("does not go to a name of which any address is private", async () => {
    const { port, requests } = await serve();
    const addresses = [
      { address: "2d00::1", family: 6 },
      { address: "127.0.0.1", family: 4 },
    ];
    const fetch = guarded([], { lookup: (_, done) => done(null, addresses) });
    await expect(fetch(`http://rebind.example:${port}/`)).rejects.toMatchObject(refusal);
    expect(requests).toHaveLength(0);
  });

  it("connects to the addresses that it has judged, and asks for no others meanwhile", async () => {
    const { port, requests } = await serve();
    let lookups = 0;
    const fetch = guarded([], {
      lookup: (_, done) => {
        lookups += 1;
        // The first is in a net that nobody has been given.
        done(null, [lookups === 1 ? { address: "2d00::1", family: 6 } : { address: "127.0.0.1", family: 4 }]);
      },
    });
    await expect(fetch(`http://rebind.example:${port}/`)).rejects.toThrow("fetch failed");
    expect(lookups).toBe(1);
    await expect(fetch(`http://rebind.example:${port}/`)).rejects.toMatchObject(refusal);
    expect(requests).toHaveLength(0);
  });

  it("resolves an allowed name where it is told to", async () => {
    const { port } = await serve();
    const lookup: GuardedFetchOptions["lookup"] = (_, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);
    const response = await guarded(["files.example"], { lookup })(`http://files.example:${port}/`);
    expect(await response.text()).toBe("hello");
  });

  it("fails where a name is unknown or resolves to nothing", async () => {
    await expect(guarded([])("http://no-such-host.invalid/")).rejects.toThrow("fetch failed");
    const fetch = guarded([], { lookup: (_, done) => done(null, []) });
    await expect(fetch("http://empty.example/")).rejects.toThrow("fetch failed");
  });

  it.each(["file:///etc/passwd", "data:text/plain,hello", "ftp://127.0.0.1/"])("fetches nothing by %s", async (uri) => {
    await expect(guarded(["*"])(uri)).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("takes no password in an address", async () => {
    const { port } = await serve();
    const failure = guarded(["*"])(`http://user:secret@127.0.0.1:${port}/`);
    await expect(failure).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.not.stringContaining("secret"),
    });
  });
});

describe("a redirect", () => {
  const to = (location: string, status = 302): ReplyScript => ({
    response: rawResponse(status, { location }, "moved"),
  });
  const secrets = { authorization: "Bearer key", cookie: "a=b", "x-api-key": "key", "x-goog-api-key": "key" };
  const harmless = { accept: "image/*", "user-agent": "test", "content-type": "text/plain" };

  it.each(["http://127.0.0.1:PORT/", "http://localhost:PORT/", "//[::1]:PORT/", "http://0x7f.1:PORT/"])(
    "is not followed to a private address: %s",
    async (location) => {
      const inner = await serve();
      const outer = await serve(() => to(location.replace("PORT", inner.port)));
      await expect(guarded([`127.0.0.1:${outer.port}`])(outer.url)).rejects.toMatchObject(refusal);
      expect(outer.requests).toHaveLength(1);
      expect(inner.requests).toHaveLength(0);
    },
  );

  it("is not followed to anything but HTTP", async () => {
    const { url } = await serve(() => to("file:///etc/passwd"));
    await expect(guarded(["*"])(url)).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("takes every header along on the same server", async () => {
    const { url, requests } = await serve((_, index) =>
      index === 0 ? to("/there") : { response: rawResponse(200, {}) },
    );
    await guarded(["*"])(`${url}/here`, { headers: { ...secrets, ...harmless } });
    expect(requests[1]).toMatchObject({ path: "/there", headers: { ...secrets, ...harmless } });
  });

  it("takes no header that could be a secret to another server", async () => {
    const second = await serve();
    const first = await serve(() => to(second.url));
    const response = await guarded(["*"])(first.url, { headers: { ...secrets, ...harmless } });
    expect(await response.text()).toBe("hello");
    const headers = second.requests[0]?.headers ?? {};
    expect(headers).toMatchObject(harmless);
    expect(Object.keys(headers).filter((name) => name in secrets)).toEqual([]);
  });

  it.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [307, "POST", "POST", "text"],
    [308, "PUT", "PUT", "text"],
    [302, "PUT", "PUT", "text"],
  ])("with status %s turns %s into %s", async (status, method, then, body) => {
    const replies = (_: RecordedRequest, index: number): ReplyScript =>
      index === 0 ? to("/there", status) : { response: rawResponse(200, {}) };
    const { url, requests } = await serve(replies);
    await guarded(["*"])(new Request(url, { method, body: "text" }));
    expect(requests[1]).toMatchObject({ method: then, body, path: "/there" });
    expect("content-type" in (requests[1]?.headers ?? {})).toBe(body !== "");
  });

  it("is followed five times, and no further", async () => {
    const { url, requests } = await serve(({ path }) => {
      const left = Number(path.slice(1));
      return left === 0 ? { response: rawResponse(200, {}, "there") } : to(`/${left - 1}`);
    });
    expect(await (await guarded(["*"])(`${url}/5`)).text()).toBe("there");
    expect(requests).toHaveLength(6);
    await expect(guarded(["*"])(`${url}/6`)).rejects.toMatchObject({ code: "invalid_request" });
  });
});
