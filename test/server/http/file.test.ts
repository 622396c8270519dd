import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { errorReply } from "../../../server/fronts/interactions/json-reply.ts";
import { createApp } from "../../../server/http/app.ts";
import type { RequestLine } from "../../../server/http/app-options.ts";
import type { FileReply } from "../../../server/operation.ts";
import { until } from "../../cases/until.ts";

const mebi = 1024 * 1024;
/** Byte by byte what its place says, so that a part in the wrong place shows. */
const bytesOf = (from: number, to: number) =>
  Buffer.from(Array.from({ length: to - from }, (_, i) => (from + i) % 251));

const files: { [name: string]: Partial<FileReply> & { size: number } } = {
  small: { size: 1000, read: async (from, to) => bytesOf(from, to) },
  empty: { size: 0 },
  middle: { size: 3 * mebi, read: async (from, to) => bytesOf(from, to) },
  large: { size: 64 * mebi },
  broken: {
    size: 3 * mebi,
    read: async (from, to) => {
      if (from > 0) throw new Error("the disk is gone");
      return Buffer.alloc(to - from);
    },
  },
};

let server: Server;
let url: string;
/** What was read of files, and what the log was told. */
let reads: { from: number; to: number }[] = [];
let lines: RequestLine[] = [];
beforeEach(() => {
  reads = [];
  lines = [];
});

beforeAll(async () => {
  const app = createApp({
    operations: [
      {
        method: "GET",
        path: "/files/:name",
        versioned: false,
        changes: false,
        async handle(request): Promise<FileReply> {
          const { size, read } = files[request.parameter("name")] ?? { size: 0 };
          return {
            kind: "file",
            headers: { "content-type": "image/png", "cache-control": "private, max-age=60" },
            size,
            tag: "abc",
            async read(from, to) {
              reads.push({ from, to });
              return (await read?.(from, to)) ?? Buffer.alloc(to - from);
            },
          };
        },
      },
    ],
    rawOperations: [],
    errorReply,
    host: "127.0.0.1",
    allowedHosts: [],
    allowedOrigins: [],
    keys: [],
    limits: { body_bytes: mebi, json_depth: 50, json_values: 1000 },
    heartbeat: 15_000,
    requestId: () => "request",
    report: (line) => lines.push(line),
  });
  server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Answer = { status: number; headers: { [name: string]: string }; body: Buffer };

async function ask(name: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const response = await fetch(`${url}/files/${name}`, { method, headers });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

describe("a file", () => {
  test("is sent whole, byte for byte, with what identifies it", async () => {
    const { status, headers, body } = await ask("middle");
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-length": String(3 * mebi),
      "content-type": "image/png",
      "accept-ranges": "bytes",
      etag: '"abc"',
    });
    expect(body.equals(bytesOf(0, 3 * mebi))).toBe(true);
    expect(lines).toMatchObject([{ status: 200, path: "/files/middle" }]);
  });

  test("may be empty", async () => {
    expect(await ask("empty")).toMatchObject({
      status: 200,
      headers: { "content-length": "0" },
      body: Buffer.alloc(0),
    });
    expect(await ask("empty", { range: "bytes=0-" })).toMatchObject({
      status: 416,
      headers: { "content-range": "bytes */0" },
    });
  });

  test.each([
    ["bytes=10-19", 10, 20],
    ["bytes=990-", 990, 1000],
    ["bytes=-10", 990, 1000],
    ["bytes=0-0", 0, 1],
  ])("is sent in part for %s", async (range, from, to) => {
    const { status, headers, body } = await ask("small", { range });
    expect(status).toBe(206);
    expect(headers).toMatchObject({
      "content-range": `bytes ${from}-${to - 1}/1000`,
      "content-length": String(to - from),
      "content-type": "image/png",
      etag: '"abc"',
    });
    expect(body.equals(bytesOf(from, to))).toBe(true);
    expect(reads).toEqual([{ from, to }]);
    expect(lines).toMatchObject([{ status: 206 }]);
  });

  test("is read in pieces that begin where stored ones do, wherever the range begins", async () => {
    const from = 300 * 1024;
    const to = 600 * 1024;
    const { body } = await ask("middle", { range: `bytes=${from}-${to - 1}` });
    expect(body.equals(bytesOf(from, to))).toBe(true);
    expect(reads).toEqual([
      { from, to: 512 * 1024 },
      { from: 512 * 1024, to },
    ]);
  });

  test("is sent whole for several ranges, and for one that makes no sense", async () => {
    for (const range of ["bytes=0-1,5-6", "bytes=6-5", "pages=1-2"]) {
      expect(await ask("small", { range })).toMatchObject({ status: 200, headers: { "content-length": "1000" } });
    }
  });

  test("has nothing outside of it: the answer is an error, which no cache keeps, and says how much there is", async () => {
    const { status, headers, body } = await ask("small", { range: "bytes=1000-" });
    expect(status).toBe(416);
    expect(headers).toMatchObject({ "content-range": "bytes */1000", "cache-control": "no-store" });
    expect(JSON.parse(body.toString())).toMatchObject({ error: { message: expect.stringContaining("1000 bytes") } });
    expect(reads).toEqual([]);
  });

  test("tells its headers to HEAD, whatever range that asks for, and is not read", async () => {
    const { status, headers, body } = await ask("small", { range: "bytes=0-1" }, "HEAD");
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers).toMatchObject({ "content-length": "1000", "content-type": "image/png", etag: '"abc"' });
    expect(headers).not.toHaveProperty("content-range");
    expect(reads).toEqual([]);
  });

  test.each(['"abc"', 'W/"abc"', '"x", "abc"', '"x",W/"abc"', "*"])(
    "is not sent to whom has it already (%s)",
    async (tags) => {
      for (const method of ["GET", "HEAD"]) {
        const answer = await ask("small", { "if-none-match": tags, range: "bytes=0-1" }, method);
        expect(answer).toMatchObject({ status: 304, body: Buffer.alloc(0) });
        expect(answer.headers).toMatchObject({ etag: '"abc"', "cache-control": "private, max-age=60" });
        expect(answer.headers).not.toHaveProperty("content-length");
      }
      expect(reads).toEqual([]);
    },
  );

  test("is sent to whom has another one", async () => {
    for (const tags of ['"x"', "abc", '"ABC"', '"W/"', ""]) {
      expect(await ask("small", { "if-none-match": tags })).toMatchObject({ status: 200 });
    }
  });

  test("goes on only where the beginning is of the same bytes", async () => {
    const range = "bytes=500-";
    expect(await ask("small", { range, "if-range": '"abc"' })).toMatchObject({ status: 206 });
    for (const condition of ['W/"abc"', '"x"', "Thu, 26 Nov 2026 12:00:00 GMT"]) {
      expect(await ask("small", { range, "if-range": condition })).toMatchObject({ status: 200 });
    }
  });

  test("is refused to whom wants another one", async () => {
    expect(await ask("small", { "if-match": '"x"' })).toMatchObject({ status: 412 });
    expect(await ask("small", { "if-match": 'W/"abc"' })).toMatchObject({ status: 412 });
    expect(await ask("small", { "if-match": '"x", "abc"' })).toMatchObject({ status: 200 });
    expect(await ask("small", { "if-match": "*" })).toMatchObject({ status: 200 });
  });

  test("that breaks off is never taken for whole", async () => {
    await expect(ask("broken")).rejects.toThrow();
    await until(() => lines.length === 2);
    expect(lines).toMatchObject([{ status: 200 }, { status: 500, error: { message: "the disk is gone" } }]);
  });

  test("leaves the connection to the next request", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const ahead = (name: string) => `GET /files/${name} HTTP/1.1\r\nhost: localhost\r\nrange: bytes=0-1\r\n\r\n`;
    socket.write(ahead("middle") + ahead("small") + ahead("nobody"));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    await until(() => text.match(/HTTP\/1\.1 (\d+)/g)?.length === 3);
    expect(text.match(/HTTP\/1\.1 (\d+)/g)).toEqual(["HTTP/1.1 206", "HTTP/1.1 206", "HTTP/1.1 416"]);
    socket.destroy();
  });
});

describe("a client that reads slowly", () => {
  async function openAndNeverRead(name: string): Promise<Socket> {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.pause();
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write(`GET /files/${name} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    return socket;
  }

  test("has read for it only what its socket takes, and nothing more when it has gone", async () => {
    const socket = await openAndNeverRead("large");
    await until(() => reads.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const count = reads.length;
    // As much as the system's own buffers of a connection take, and a part of the file.
    expect(reads.at(-1)?.to).toBeLessThan(16 * mebi);
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(reads).toHaveLength(count);
    expect(lines).toMatchObject([{ status: 200 }]);
  });

  test("gets everything in the end, in small reads that follow one another", async () => {
    const socket = await openAndNeverRead("large");
    await until(() => reads.length > 0);
    let length = 0;
    socket.on("data", (chunk) => {
      length += chunk.length;
    });
    socket.resume();
    await until(() => length > 64 * mebi);
    socket.destroy();
    for (const { from, to } of reads) expect(to - from).toBeLessThanOrEqual(256 * 1024);
    expect(reads.map(({ from }) => from)).toEqual([0, ...reads.map(({ to }) => to)].slice(0, -1));
    expect(reads.at(-1)?.to).toBe(64 * mebi);
  });

  test("does not keep others waiting", async () => {
    const sockets = await Promise.all(Array.from({ length: 10 }, () => openAndNeverRead("large")));
    await until(() => reads.length >= 10);
    expect(await ask("small")).toMatchObject({ status: 200 });
    for (const socket of sockets) socket.destroy();
  });
});
