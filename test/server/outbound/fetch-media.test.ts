import { describe, expect, it, onTestFinished } from "vitest";
import { createMediaFetch, type MediaFetchOptions } from "../../../server/outbound/fetch-media.ts";
import { createGuardedFetch } from "../../../server/outbound/guarded-fetch.ts";
import { type ReplyScript, rawResponse, startReplayServer } from "../../cases/replay-server.ts";
import { until } from "../../cases/until.ts";

async function serve(reply: ReplyScript, options: Partial<MediaFetchOptions> = {}, allowed = ["127.0.0.1"]) {
  const server = await startReplayServer(() => reply);
  const { fetch, close } = createGuardedFetch({ allowed, connectTimeout: 1_000 });
  onTestFinished(close);
  onTestFinished(server.close);
  return { ...server, fetchMedia: createMediaFetch({ fetch, limit: 1_000, timeout: 5_000, ...options }) };
}

const signal = new AbortController().signal;
const bytes = Buffer.from([0, 1, 254, 255, 0x80, 0xc3, 0x28]);
const image = (headers: Record<string, string>, body: Buffer = bytes): Buffer => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${lines.join("")}connection: close\r\n\r\n`), body]);
};

describe("fetching media", () => {
  it("gives the bytes as base64, and the type without its parameters", async () => {
    const { url, fetchMedia } = await serve({ response: image({ "content-type": "Image/PNG; charset=binary" }) });
    expect(await fetchMedia(`${url}/a.png`, signal)).toEqual({
      data: bytes.toString("base64"),
      mime_type: "image/png",
    });
  });

  it("gives no type where the server gives none", async () => {
    const { url, fetchMedia } = await serve({ response: image({}) });
    expect(await fetchMedia(url, signal)).toEqual({ data: bytes.toString("base64") });
  });

  it("takes as many bytes as allowed", async () => {
    const { url, fetchMedia } = await serve({ response: image({}, Buffer.alloc(1_000)) });
    expect(Buffer.from((await fetchMedia(url, signal)).data, "base64")).toHaveLength(1_000);
  });

  it("refuses by its length what is too large, and reads none of it", async () => {
    const reply = { response: rawResponse(200, { "content-length": "1001" }), hang: "at the end" as const };
    const { url, fetchMedia, requests } = await serve(reply);
    await expect(fetchMedia(`${url}/a.png?signature=secret`, signal)).rejects.toMatchObject({
      code: "request_too_large",
      message: `The media at '${url}/a.png' has more than 1000 bytes.`,
    });
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });

  it("breaks off what turns out to be too large", async () => {
    const response = rawResponse(200, { "transfer-encoding": "chunked" }, "x".repeat(1_001));
    const { url, fetchMedia, requests } = await serve({ response, split: [500], hang: "at the end" });
    await expect(fetchMedia(url, signal)).rejects.toMatchObject({ code: "request_too_large" });
    await requests[0]?.closed;
    expect(requests[0]?.leftByClient()).toBe(true);
  });

  it.each([404, 403, 500, 204, 206])("refuses what the server answers with status %s", async (status) => {
    const { url, fetchMedia } = await serve({ response: rawResponse(status, {}) });
    await expect(fetchMedia(url, signal)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(`answered ${status}`),
    });
  });

  it.each([
    ["at all", { hang: "at once" }],
    ["to the end", { response: rawResponse(200, { "content-length": "9" }, "half"), hang: "at the end" }],
  ] as const)("gives up in time where the server does not answer %s", async (_, reply) => {
    const { url, fetchMedia, requests } = await serve(reply, { timeout: 100 });
    await expect(fetchMedia(url, signal)).rejects.toMatchObject({
      code: "deadline_exceeded",
      message: expect.stringContaining("within 0.1 s"),
    });
    await requests[0]?.closed;
  });

  it("ends at once when nobody wants it any more", async () => {
    const { url, fetchMedia, requests } = await serve({ hang: "at once" });
    const controller = new AbortController();
    const fetching = fetchMedia(url, controller.signal);
    await until(() => requests.length === 1);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(fetching).rejects.toBe(reason);
    await requests[0]?.closed;
  });

  it("names what cannot be reached, without a password", async () => {
    const { url, fetchMedia, close } = await serve({});
    await close();
    await expect(fetchMedia(`${url}/a?b`, signal)).rejects.toMatchObject({
      code: "invalid_request",
      message: `The media at '${url}/a' cannot be fetched: its server cannot be reached.`,
    });
    await expect(fetchMedia("//user:secret@host/", signal)).rejects.toMatchObject({
      code: "invalid_request",
      message: "The media at '//host/' is not a URI.",
    });
  });

  it("passes the refusal of a private address on", async () => {
    const { url, fetchMedia } = await serve({}, {}, []);
    await expect(fetchMedia(url, signal)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("outbound.allow"),
    });
  });
});
