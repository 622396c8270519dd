import { createHash } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { create, revisionHeader, send } from "../../../cases/http-client.ts";
import { redDot } from "../../../cases/red-dot.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";

const writer = { "x-goog-api-key": "may-everything" };
const reader = { "x-goog-api-key": "may-look" };

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub({
    api_keys: [
      { name: "owner", key: "may-everything" },
      { name: "console", key: "may-look", read_only: true },
    ],
    limits: { body_bytes: 2 ** 26 },
  });
});
afterAll(() => hub.close());

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Stores media by a request that brings it; gives the id of the interaction and the hash. */
async function store(type: string, mime_type: string, bytes: Buffer, more: { store?: boolean } = {}) {
  const input = [{ type, mime_type, data: bytes.toString("base64") }];
  const { status, body } = await create(hub.url, { model: "simulator", input, ...more }, writer);
  expect(status).toBe(200);
  return { id: String(body.id), sha256: hashOf(bytes) };
}

async function ask(path: string, headers: Record<string, string> = reader, method = "GET") {
  const response = await fetch(`${hub.url}/media/${path}`, { method, headers });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

describe("stored media", () => {
  const dot = Buffer.from(redDot, "base64");

  test("is served by its hash, as what it is, and may be kept for ever by who asked for it", async () => {
    const { sha256 } = await store("image", "image/png", dot);
    const { status, headers, body } = await ask(sha256);
    expect([status, body.equals(dot)]).toEqual([200, true]);
    expect(headers).toMatchObject({
      "content-type": "image/png",
      "content-length": String(dot.length),
      "content-disposition": `inline; filename="${sha256}.png"`,
      "cache-control": "private, max-age=31536000, immutable",
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      etag: `"${sha256}"`,
    });
    expect(headers["content-security-policy"]).toContain("sandbox; default-src 'none'");
    expect(await ask(sha256, { ...reader, "if-none-match": `"${sha256}"` })).toMatchObject({ status: 304 });
    expect(await ask(sha256, { ...reader, range: "bytes=1-3" })).toMatchObject({
      status: 206,
      body: Buffer.from("PNG"),
    });
    expect(await ask(sha256, { ...reader, range: "bytes=70-" })).toMatchObject({ status: 416 });
    expect(await ask(sha256, reader, "HEAD")).toMatchObject({
      status: 200,
      headers: { "content-length": "70", etag: `"${sha256}"` },
      body: Buffer.alloc(0),
    });
  });

  test("is also what a model made", async () => {
    const request = { model: "gemini-2.5-flash-image", input: "Draw a red dot." };
    const { body } = await create(hub.url, request, { ...writer, ...revisionHeader.steps });
    const { steps } = body as { steps: { content?: { type: string; mime_type?: string; data?: string }[] }[] };
    const image = steps.flatMap(({ content }) => content ?? []).find(({ type }) => type === "image");
    const bytes = Buffer.from(image?.data ?? "", "base64");
    const served = await ask(hashOf(bytes));
    expect([served.status, served.body.equals(bytes)]).toEqual([200, true]);
    expect(served.headers["content-type"]).toBe(image?.mime_type);
  });

  test.each([
    ["image", "image/jpeg", "inline", "jpg"],
    ["image", "IMAGE/WebP", "inline", "webp"],
    ["audio", "audio/mpeg", "inline", "mp3"],
    ["audio", "audio/l16; rate=24000", "inline", "bin"],
    ["video", "video/mp4", "inline", "mp4"],
    ["document", "application/pdf", "inline", "pdf"],
    ["image", "image/svg+xml", "attachment", "svg"],
    ["image", "image/SVG+XML; charset=utf-8", "attachment", "svg"],
    ["document", "text/html", "attachment", "html"],
    ["document", "application/xhtml+xml", "attachment", "bin"],
    ["document", "text/plain", "attachment", "txt"],
    ["document", "application/x-msdownload", "attachment", "bin"],
  ])("%s of type %s is %s, and saved as .%s", async (type, mime, disposition, ending) => {
    const bytes = Buffer.from(`<script>alert("${mime}")</script>`);
    const { sha256 } = await store(type, mime, bytes);
    const { headers, body } = await ask(sha256);
    expect(headers).toMatchObject({
      "content-type": mime,
      "content-disposition": `${disposition}; filename="${sha256}.${ending}"`,
      "x-content-type-options": "nosniff",
    });
    expect(body.equals(bytes)).toBe(true);
  });

  test.each(["text/javascript", "Application/JavaScript; version=1", "text/ecmascript", "text/css"])(
    "of type %s is text, so that no page can take it for a part of itself",
    async (mime) => {
      const { sha256 } = await store("document", mime, Buffer.from(`alert("${mime}")`));
      expect((await ask(sha256)).headers["content-type"]).toBe("text/plain; charset=utf-8");
    },
  );

  test("has no policy where it is PDF, which browsers show in a viewer that one would stop", async () => {
    const { sha256 } = await store("document", "application/pdf", Buffer.from("%PDF-1.7"));
    expect((await ask(sha256)).headers).not.toHaveProperty("content-security-policy");
  });

  test("comes whole and in parts when it is large", async () => {
    const bytes = Buffer.alloc(5 * 2 ** 20, "0123456789");
    const { sha256 } = await store("video", "video/mp4", bytes);
    expect((await ask(sha256)).body.equals(bytes)).toBe(true);
    const parts = ["bytes=0-1234566", "bytes=1234567-4000000", "bytes=4000001-"];
    const answers = await Promise.all(parts.map((range) => ask(sha256, { ...reader, range })));
    expect(answers.map(({ status }) => status)).toEqual([206, 206, 206]);
    expect(Buffer.concat(answers.map(({ body }) => body)).equals(bytes)).toBe(true);
  });

  test("is gone with the last interaction that has it, also for whoever is reading it", async () => {
    const bytes = Buffer.alloc(20 * 2 ** 20, "abc");
    const first = await store("video", "video/mp4", bytes);
    const second = await store("video", "video/mp4", bytes);
    const remove = (id: string) => send(`${hub.url}/v1beta/interactions/${id}`, "DELETE", undefined, writer);
    await remove(first.id);
    expect(await ask(first.sha256, reader, "HEAD")).toMatchObject({ status: 200 });

    const socket = connect(hub.port, "127.0.0.1");
    socket.pause();
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()).once("error", () => {}));
    socket.write(`GET /media/${first.sha256}?key=may-look HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await remove(second.id);
    expect(await ask(first.sha256)).toMatchObject({ status: 404 });
    let length = 0;
    socket.on("data", (chunk) => {
      length += chunk.length;
    });
    socket.resume();
    await ended;
    // Cut, and not ended as if that were all of it.
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(bytes.length);
  });

  test("of what is not stored is not there", async () => {
    const { sha256 } = await store("image", "image/png", Buffer.from("of the moment"), { store: false });
    expect(await ask(sha256)).toMatchObject({ status: 404 });
  });
});

describe("an address of media", () => {
  const unknown = hashOf(Buffer.from("nobody has this"));

  test("needs a key, in any of its forms, and one that may only read will do", async () => {
    const { sha256 } = await store("image", "image/png", Buffer.from(redDot, "base64"));
    expect(await ask(sha256, {})).toMatchObject({ status: 401 });
    expect(await ask(unknown, {})).toMatchObject({ status: 401 });
    expect(await ask(sha256, { "x-goog-api-key": "wrong" })).toMatchObject({ status: 401 });
    expect(await ask(sha256, { authorization: "Bearer may-look" })).toMatchObject({ status: 200 });
    expect(await ask(`${sha256}?key=may-look`, {})).toMatchObject({ status: 200 });
    expect(await ask(sha256, writer)).toMatchObject({ status: 200 });
  });

  test.each([
    ["of nothing that is stored", unknown],
    ["in capitals", unknown.toUpperCase()],
    ["that is too short", unknown.slice(1)],
    ["that is too long", `${unknown}0`],
    ["that is far too long", "a".repeat(5000)],
    ["with a zero byte", `${unknown}%00`],
    ["with a line break", `${unknown.slice(1)}%0a`],
    ["that leads elsewhere", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"],
    ["that leads elsewhere on Windows", "..%5c..%5chub.db"],
    ["that is SQL", "' or 1=1 --"],
    ["that is badly escaped", "%ff"],
    ["that is a star", "*"],
  ])("%s is not found", async (_what, path) => {
    const { status, headers, body } = await ask(path);
    expect([status, headers["cache-control"]]).toEqual([404, "no-store"]);
    expect(JSON.parse(body.toString())).toMatchObject({ error: { code: "not_found" } });
  });

  test("stands below whatever path the hub is reached by, and is read only", async () => {
    const { sha256 } = await store("image", "image/png", Buffer.from(redDot, "base64"));
    const below = await fetch(`${hub.url}/gateway/media/${sha256}`, { headers: reader });
    expect(below.status).toBe(200);
    await below.arrayBuffer();
    expect(await ask(sha256, writer, "DELETE")).toMatchObject({ status: 405, headers: { allow: "GET" } });
  });

  test("can be asked for by the pages that may use the hub, with parts and without reading it twice", async () => {
    const { sha256 } = await store("image", "image/png", Buffer.from(redDot, "base64"));
    const origin = "http://localhost:5173";
    const preflight = await fetch(`${hub.url}/media/${sha256}`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "GET", "access-control-request-headers": "range" },
    });
    const admitted = preflight.headers.get("access-control-allow-headers")?.split(", ");
    expect(admitted).toEqual(expect.arrayContaining(["range", "if-range", "if-none-match", "x-goog-api-key"]));
    const { headers } = await ask(sha256, { ...reader, origin });
    expect(headers).toMatchObject({ "access-control-allow-origin": origin, vary: "origin" });
    expect(headers["access-control-expose-headers"]?.split(", ")).toEqual(
      expect.arrayContaining(["accept-ranges", "content-range", "etag"]),
    );
    expect(await ask(sha256, { ...reader, origin: "https://evil.example" })).toMatchObject({ status: 403 });
    expect(await ask(sha256, { ...reader, "sec-fetch-site": "cross-site" })).toMatchObject({ status: 403 });
  });

  test("is read by many at once, one of whom does not read at all", async () => {
    const bytes = Buffer.alloc(4 * 2 ** 20, "xyz");
    const { sha256 } = await store("video", "video/mp4", bytes);
    const socket = connect(hub.port, "127.0.0.1");
    socket.pause();
    socket.on("error", () => {});
    socket.write(`GET /media/${sha256}?key=may-look HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    const bodies = await Promise.all(Array.from({ length: 8 }, () => ask(sha256)));
    expect(bodies.every(({ body }) => body.equals(bytes))).toBe(true);
    socket.destroy();
  });
});
