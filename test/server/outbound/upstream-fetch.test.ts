import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { createUpstreamFetch } from "../../../server/outbound/upstream-fetch.ts";
import { upstreamFailure } from "../../../server/providers/upstream-error.ts";
import { readEventStream } from "../../../server/read-event-stream.ts";
import { jsonResponse, rawResponse, streamResponse } from "../../cases/replay-server.ts";
import { bodyOf, recordedReply, recordedReplyBody, replayUpstream, textOf } from "../../cases/replay-upstream.ts";
import { until } from "../../cases/until.ts";

describe("the fetch for upstreams", () => {
  it("sends what it is given and reads what comes back", async () => {
    const { fetch, url, requests } = await replayUpstream([
      { response: jsonResponse(201, { ok: "grüße" }, { "x-one": "1" }) },
    ]);
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
    const { fetch, url, requests } = await replayUpstream([{ response: rawResponse(204, {}) }]);
    const init: RequestInit & { duplex: "half" } = { method: "POST", body: body(), duplex: "half" };
    const response = await fetch(url, init);
    expect(requests[0]?.body).toBe("text");
    expect(response.body).toBeNull();
  });

  it("sends a Request, with a body and with a signal of its own", async () => {
    const { fetch, url, requests } = await replayUpstream([{ response: jsonResponse(200, {}) }, { hang: "at once" }]);
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
    const server = await replayUpstream((request) => ({
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
    const { fetch, url } = await replayUpstream([
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
    const { fetch, url } = await replayUpstream((_, index) => ({
      response: recordedReply,
      split: Array.from({ length: 40 }, (__, piece) => (piece + 1) * (7 + index)),
    }));
    for (let round = 0; round < 10; round += 1) expect(await (await fetch(url)).text()).toBe(recordedReplyBody);
  });

  it("does not run ahead of a reader who takes his time", async () => {
    const megabytes = "x".repeat(32 * 2 ** 20);
    const { fetch, url } = await replayUpstream([{ response: rawResponse(200, {}, megabytes) }]);
    const response = await fetch(url);
    const before = process.memoryUsage().arrayBuffers;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 2 ** 20);
    expect((await response.text()).length).toBe(megabytes.length);
  });

  it("reads an answer that is compressed although nobody asked for it", async () => {
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n`;
    const { fetch, url } = await replayUpstream([
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
    const { fetch, url, requests } = await replayUpstream([{ response: rawResponse(307, headers) }]);
    const failure = await fetch(url, { headers: { authorization: "Bearer key" } }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "upstream_error" });
    expect(String(failure)).toContain("'http://elsewhere.example/v1'");
    expect(String(failure)).not.toContain("secret");
    expect(requests).toHaveLength(1);
  });
});

describe("a failure of the connection", () => {
  const codeOf = (error: unknown): string => upstreamFailure("local", error).code;

  it("is told from a cut in the middle of the answer", async () => {
    const { fetch, url } = await replayUpstream([
      { response: recordedReply, cutAfter: 0 },
      { response: recordedReply, cutAfter: 500 },
    ]);
    for (const length of [0, 500]) {
      let text = "";
      const reading = (async () => {
        for await (const piece of bodyOf(await fetch(url))) text += Buffer.from(piece).toString();
      })();
      const failure = upstreamFailure("local", await reading.catch((error: unknown) => error));
      expect(failure).toMatchObject({ code: "upstream_error", message: expect.stringContaining("broke off") });
      expect(text).toBe(recordedReplyBody.slice(0, length));
    }
  });

  it("is told where an answer has less than it says", async () => {
    const { fetch, url } = await replayUpstream([{ response: jsonResponse(200, { some: "text" }), cutAfter: 3 }]);
    const response = await fetch(url);
    expect(codeOf(await response.text().catch((error: unknown) => error))).toBe("upstream_error");
  });

  it("is told by its cause", async () => {
    const server = await replayUpstream([{ response: "this is no HTTP\r\n\r\n" }, { response: "", cutAfter: 0 }]);
    const failed = (url: string): Promise<unknown> => server.fetch(url).then(() => "answered", codeOf);
    expect(await failed(server.url)).toBe("upstream_error");
    expect(await failed(server.url)).toBe("unavailable");
    expect(await failed("http://no-such-host.invalid/")).toBe("unavailable");
    await server.close();
    expect(await failed(server.url)).toBe("unavailable");
  });

  it("is told in time where nobody answers the call", async () => {
    const { url } = await replayUpstream([]);
    const { fetch, close } = createUpstreamFetch({ connectTimeout: 200 });
    onTestFinished(close);
    // A server that speaks no TLS waits for more, and so does whoever wants to speak it.
    expect(await fetch(url.replace("http:", "https:")).then(() => "answered", codeOf)).toBe("deadline_exceeded");
  });
});
