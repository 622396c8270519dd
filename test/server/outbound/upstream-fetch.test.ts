import { getEventListeners } from "node:events";
import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createGuardedFetch } from "../../../server/outbound/guarded-fetch.ts";
import { createUpstreamFetch } from "../../../server/outbound/upstream-fetch.ts";
import { readEventStream } from "../../../server/providers/read-event-stream.ts";
import { upstreamFailure } from "../../../server/providers/upstream-error.ts";
import type { RecordedRequest } from "../../cases/recorded-request.ts";
import {
  jsonResponse,
  type ReplayServer,
  type ReplyScript,
  rawResponse,
  startReplayServer,
  streamResponse,
} from "../../cases/replay-server.ts";
import { until } from "../../cases/until.ts";

const recorded = readFileSync(
  new URL("../../fixtures/openai-compatible/chat-text-stream.response.txt", import.meta.url),
);
const recordedBody = recorded.subarray(recorded.indexOf("\r\n\r\n") + 4).toString("utf8");

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(
  replies: readonly ReplyScript[] | ((request: RecordedRequest, index: number) => ReplyScript),
): Promise<ReplayServer & { fetch: typeof globalThis.fetch }> {
  const server = await startReplayServer(replies);
  const { fetch, close } = createUpstreamFetch({ connectTimeout: 2_000 });
  closing.push(close, server.close);
  return { ...server, fetch };
}

function bodyOf({ body }: Response): ReadableStream<Uint8Array> {
  if (body === null) throw new Error("an answer without a body");
  return body;
}

/** An answer, read whole, and a turn for the connection to become free again. */
async function textOf(answer: Promise<Response>): Promise<string> {
  const text = await (await answer).text();
  await nextTurn();
  return text;
}

describe("the fetch for upstreams", () => {
  it("sends what it is given and reads what comes back", async () => {
    const { fetch, url, requests } = await serve([{ response: jsonResponse(201, { ok: "grüße" }, { "x-one": "1" }) }]);
    const response = await fetch(`${url}/v1/path?a=b`, {
      method: "post",
      headers: { "Content-Type": "application/json", Authorization: "Bearer key" },
      body: JSON.stringify({ text: "漢字" }),
    });
    expect(response).toBeInstanceOf(Response);
    expect(response).toMatchObject({ status: 201, ok: true, statusText: "Replayed", url: `${url}/v1/path?a=b` });
    expect(response.headers.get("X-One")).toBe("1");
    expect(await response.json()).toEqual({ ok: "grüße" });
    expect(requests[0]).toMatchObject({
      method: "POST",
      path: "/v1/path?a=b",
      headers: { "content-type": "application/json", authorization: "Bearer key", "accept-encoding": "identity" },
      json: { text: "漢字" },
    });
  });

  it.each([
    ["bytes", () => new TextEncoder().encode("text")],
    ["a blob", () => new Blob(["text"])],
    ["a stream", () => new Blob(["text"]).stream()],
  ])("sends %s as a body", async (_, body) => {
    const { fetch, url, requests } = await serve([{ response: rawResponse(204, {}) }]);
    const init: RequestInit & { duplex: "half" } = { method: "POST", body: body(), duplex: "half" };
    const response = await fetch(url, init);
    expect(requests[0]?.body).toBe("text");
    expect(response.body).toBeNull();
  });

  it("sends a Request, with a body and with a signal of its own", async () => {
    const { fetch, url, requests } = await serve([{ response: jsonResponse(200, {}) }, { hang: "at once" }]);
    const controller = new AbortController();
    const request = () =>
      new Request(url, { method: "PUT", body: "text", headers: { "x-a": "1" }, signal: controller.signal });
    await (await fetch(request())).text();
    expect(requests[0]).toMatchObject({ method: "PUT", body: "text", headers: { "x-a": "1" } });
    const waiting = fetch(request());
    await until(() => requests.length === 2);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  it("keeps a connection alive, and opens as many as there are answers at once", async () => {
    const server = await serve((request) => ({
      response: jsonResponse(200, {}),
      delayBeforeHead: request.path === "/slow" ? 100 : 0,
    }));
    for (let count = 0; count < 3; count += 1) await textOf(server.fetch(server.url));
    expect(server.openConnections()).toBe(1);
    const slow = Array.from({ length: 50 }, async () => (await server.fetch(`${server.url}/slow`)).text());
    await until(() => server.openConnections() === 50);
    await Promise.all(slow);
  });

  it("gives the events of a stream as they come", async () => {
    const records = ["data: 1\n\n", "data: 2\n\n"];
    const { fetch, url } = await serve([
      { response: streamResponse(records.join("")), split: "records", hang: "at the end" },
    ]);
    const response = await fetch(url);
    const seen: string[] = [];
    for await (const batch of readEventStream(bodyOf(response))) {
      seen.push(...batch.map(({ data }) => data));
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(["1", "2"]);
  });

  it("gives a recorded stream whole, whatever packets it comes in", async () => {
    const { fetch, url } = await serve((_, index) => ({
      response: recorded,
      split: Array.from({ length: 40 }, (__, piece) => (piece + 1) * (7 + index)),
    }));
    for (let round = 0; round < 10; round += 1) expect(await (await fetch(url)).text()).toBe(recordedBody);
  });

  it("does not run ahead of a reader who takes his time", async () => {
    const megabytes = "x".repeat(32 * 2 ** 20);
    const { fetch, url } = await serve([{ response: rawResponse(200, {}, megabytes) }]);
    const response = await fetch(url);
    const before = process.memoryUsage().arrayBuffers;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 2 ** 20);
    expect((await response.text()).length).toBe(megabytes.length);
  });

  it("reads an answer that is compressed although nobody asked for it", async () => {
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n`;
    const { fetch, url } = await serve([
      { response: Buffer.concat([Buffer.from(head), gzipSync("data: 1\n\n")]) },
      { response: rawResponse(200, { "content-encoding": "zstd" }, "?") },
    ]);
    expect(await (await fetch(url)).text()).toBe("data: 1\n\n");
    await expect(fetch(url)).rejects.toMatchObject({
      code: "upstream_error",
      message: expect.stringContaining("zstd"),
    });
  });

  it("does not follow a redirect, and says where it leads", async () => {
    const headers = { location: "http://elsewhere.example/v1?key=secret" };
    const { fetch, url, requests } = await serve([{ response: rawResponse(307, headers) }]);
    const failure = await fetch(url, { headers: { authorization: "Bearer key" } }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "upstream_error" });
    expect(String(failure)).toContain("'http://elsewhere.example/v1'");
    expect(String(failure)).not.toContain("secret");
    expect(requests).toHaveLength(1);
  });
});

describe("an abort", () => {
  const reason = new Error("enough");

  it("before the answer closes the connection at once", async () => {
    const { fetch, url, requests } = await serve([{ hang: "at once" }]);
    const controller = new AbortController();
    const waiting = fetch(url, { signal: controller.signal });
    await until(() => requests.length === 1);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });

  it("within the answer closes the connection at once, and the reader gets its reason", async () => {
    const { fetch, url, requests } = await serve([{ response: streamResponse("data: 1\n\n"), hang: "at the end" }]);
    const controller = new AbortController();
    const { body } = await fetch(url, { signal: controller.signal });
    const reader = body?.getReader();
    await reader?.read();
    const next = reader?.read();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });

  it.each([
    ["upstreams", () => createUpstreamFetch({ connectTimeout: 2_000 })],
    ["addresses of users", () => createGuardedFetch({ allowed: ["*"], connectTimeout: 2_000 })],
  ])("closes the connection also when nobody holds the Request any more, by the fetch for %s", async (_, create) => {
    const { url, requests } = await serve([{ response: streamResponse("data: 1\n\n"), hang: "at the end" }]);
    const { fetch, close } = create();
    closing.push(close);
    const controller = new AbortController();
    const { body } = await fetch(new Request(url, { method: "POST", body: "text", signal: controller.signal }));
    setFlagsFromString("--expose-gc");
    for (let round = 0; round < 3; round += 1) {
      runInNewContext("gc")();
      await nextTurn();
    }
    controller.abort(reason);
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
    await expect(body?.getReader().closed).rejects.toThrow();
  });

  it("before there is a connection sends nothing over it", async () => {
    const { fetch, url, requests, openConnections } = await serve([{ hang: "at once" }]);
    const controller = new AbortController();
    const waiting = fetch(url, { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests).toHaveLength(0);
    expect(openConnections()).toBe(0);
  });

  it("is listened for only as long as there is something to end", async () => {
    const { fetch, url } = await serve([
      { response: jsonResponse(200, {}) },
      { response: recorded, cutAfter: 10 },
      { response: "", cutAfter: 0 },
    ]);
    const { signal } = new AbortController();
    await textOf(fetch(url, { signal }));
    await textOf(fetch(url, { signal })).catch(() => {});
    await fetch(url, { signal }).catch(() => {});
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("before the request sends nothing", async () => {
    const { fetch, url, requests } = await serve([]);
    await expect(fetch(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
  });

  it("after the answer changes nothing: the connection serves the next request", async () => {
    const server = await serve(() => ({ response: jsonResponse(200, {}) }));
    const controller = new AbortController();
    await textOf(server.fetch(server.url, { signal: controller.signal }));
    controller.abort(reason);
    await textOf(server.fetch(server.url));
    expect(server.openConnections()).toBe(1);
    expect(server.requests[0]?.leftByClient()).toBe(false);
  });

  it.each([
    [
      "leaves its loop",
      async (body: ReadableStream<Uint8Array>) => {
        for await (const _ of body) break;
      },
    ],
    ["cancels", (body: ReadableStream<Uint8Array>) => body.cancel()],
  ])("is not needed: a reader who %s closes the connection too", async (_, leave) => {
    const { fetch, url, requests } = await serve([{ response: streamResponse("data: 1\n\n"), hang: "at the end" }]);
    await leave(bodyOf(await fetch(url)));
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });
});

describe("a failure of the connection", () => {
  const codeOf = (error: unknown): string => upstreamFailure("local", error).code;

  it("is told from a cut in the middle of the answer", async () => {
    const { fetch, url } = await serve([
      { response: recorded, cutAfter: 0 },
      { response: recorded, cutAfter: 500 },
    ]);
    for (const length of [0, 500]) {
      let text = "";
      const reading = (async () => {
        for await (const piece of bodyOf(await fetch(url))) text += Buffer.from(piece).toString();
      })();
      const failure = upstreamFailure("local", await reading.catch((error: unknown) => error));
      expect(failure).toMatchObject({ code: "upstream_error", message: expect.stringContaining("broke off") });
      expect(text).toBe(recordedBody.slice(0, length));
    }
  });

  it("is told where an answer has less than it says", async () => {
    const { fetch, url } = await serve([{ response: jsonResponse(200, { some: "text" }), cutAfter: 3 }]);
    const response = await fetch(url);
    expect(codeOf(await response.text().catch((error: unknown) => error))).toBe("upstream_error");
  });

  it("is told by its cause", async () => {
    const server = await serve([{ response: "this is no HTTP\r\n\r\n" }, { response: "", cutAfter: 0 }]);
    const failed = (url: string): Promise<unknown> => server.fetch(url).then(() => "answered", codeOf);
    expect(await failed(server.url)).toBe("upstream_error");
    expect(await failed(server.url)).toBe("unavailable");
    expect(await failed("http://no-such-host.invalid/")).toBe("unavailable");
    await server.close();
    expect(await failed(server.url)).toBe("unavailable");
  });

  it("is told in time where nobody answers the call", async () => {
    const { url } = await serve([]);
    const { fetch, close } = createUpstreamFetch({ connectTimeout: 200 });
    closing.push(close);
    // A server that speaks no TLS waits for more, and so does whoever wants to speak it.
    expect(await fetch(url.replace("http:", "https:")).then(() => "answered", codeOf)).toBe("deadline_exceeded");
  });
});
