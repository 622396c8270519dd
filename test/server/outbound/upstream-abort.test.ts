import { getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished } from "vitest";
import { createGuardedFetch } from "../../../server/outbound/guarded-fetch.ts";
import { createUpstreamFetch } from "../../../server/outbound/upstream-fetch.ts";
import { jsonResponse, streamResponse } from "../../cases/replay-server.ts";
import { bodyOf, recordedReply, replayUpstream, textOf } from "../../cases/replay-upstream.ts";
import { until } from "../../cases/until.ts";

describe("an abort", () => {
  const reason = new Error("enough");

  it("before the answer closes the connection at once", async () => {
    const { fetch, url, requests } = await replayUpstream([{ hang: "at once" }]);
    const controller = new AbortController();
    const waiting = fetch(url, { signal: controller.signal });
    await until(() => requests.length === 1);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });

  it("within the answer closes the connection at once, and the reader gets its reason", async () => {
    const { fetch, url, requests } = await replayUpstream([
      { response: streamResponse("data: 1\n\n"), hang: "at the end" },
    ]);
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
    const { url, requests } = await replayUpstream([{ response: streamResponse("data: 1\n\n"), hang: "at the end" }]);
    const { fetch, close } = create();
    onTestFinished(close);
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
    const { fetch, url, requests, openConnections } = await replayUpstream([{ hang: "at once" }]);
    const controller = new AbortController();
    const waiting = fetch(url, { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests).toHaveLength(0);
    expect(openConnections()).toBe(0);
  });

  it("is listened for only as long as there is something to end", async () => {
    const { fetch, url } = await replayUpstream([
      { response: jsonResponse(200, {}) },
      { response: recordedReply, cutAfter: 10 },
      { response: "", cutAfter: 0 },
    ]);
    const { signal } = new AbortController();
    await textOf(fetch(url, { signal }));
    await textOf(fetch(url, { signal })).catch(() => {});
    await fetch(url, { signal }).catch(() => {});
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("before the request sends nothing", async () => {
    const { fetch, url, requests } = await replayUpstream([]);
    await expect(fetch(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
  });

  it("after the answer changes nothing: the connection serves the next request", async () => {
    const server = await replayUpstream(() => ({ response: jsonResponse(200, {}) }));
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
    const { fetch, url, requests } = await replayUpstream([
      { response: streamResponse("data: 1\n\n"), hang: "at the end" },
    ]);
    await leave(bodyOf(await fetch(url)));
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });
});
