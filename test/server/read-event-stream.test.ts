import { describe, expect, it } from "vitest";
import { readEventStream, type ServerEvent } from "../../server/read-event-stream.ts";

const encoder = new TextEncoder();

async function* inPieces(...pieces: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield typeof piece === "string" ? encoder.encode(piece) : piece;
}

async function read(pieces: (string | Uint8Array)[], limit?: number): Promise<ServerEvent[]> {
  return (await Array.fromAsync(readEventStream(inPieces(...pieces), limit))).flat();
}

const sample = [
  "\uFEFF: a comment\n",
  'event: message\nid: 7\ndata: {"text":"grüße 漢字 🎈"}\n\n',
  ": keep-alive\n\n",
  "retry: 10\ndata: first line\ndata:second line\ndata\ndata:  two blanks\n\n",
  "event: without data\n\n",
  "data:\n\n",
  "data: [DONE]\n\n",
  "data: cut off\n",
].join("");

const records: ServerEvent[] = [
  { event: "message", id: "7", data: '{"text":"grüße 漢字 🎈"}' },
  { data: "first line\nsecond line\n\n two blanks" },
  { data: "[DONE]" },
];

const lineEnds = [
  ["\\n", "\n"],
  ["\\r\\n", "\r\n"],
  ["\\r", "\r"],
] as const;

describe("an event stream", () => {
  it.each(lineEnds)("is read the same wherever two cuts fall, with %s at the end of lines", async (_, lineEnd) => {
    const bytes = encoder.encode(sample.replaceAll("\n", lineEnd));
    for (let first = 0; first <= bytes.length; first += 1) {
      const second = Math.min(bytes.length, first + 1 + (first % 5));
      const pieces = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
      expect(await read(pieces)).toEqual(records);
    }
  });

  it.each(lineEnds)("is read the same byte by byte, with %s at the end of lines", async (_, lineEnd) => {
    const bytes = encoder.encode(sample.replaceAll("\n", lineEnd));
    expect(await read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(records);
  });

  it("may mix its line ends", async () => {
    expect(await read(["data: a\r\ndata: b\rdata: c\n\r\n\rdata: d\r\r"])).toEqual([
      { data: "a\nb\nc" },
      { data: "d" },
    ]);
  });

  it("takes a \\n at the beginning of a piece for what it is, unless the last one ended with \\r", async () => {
    expect(await read(["data: a\n", "\ndata: b\r", "\n\r", "\ndata: c\n\n"])).toEqual([
      { data: "a" },
      { data: "b" },
      { data: "c" },
    ]);
  });

  it("ends a record with the \\r of a blank line, without waiting for the \\n that may follow", async () => {
    const stream = readEventStream(
      (async function* () {
        yield* inPieces("data: a\r\n\r");
        await new Promise(() => {});
      })(),
    );
    expect((await stream.next()).value).toEqual([{ data: "a" }]);
  });

  it("gives the records of one piece together, and none for a piece that ends no record", async () => {
    const batches = await Array.fromAsync(readEventStream(inPieces("data: a\n\ndata: b\n\ndata: c", "\n", "\n")));
    expect(batches).toEqual([[{ data: "a" }, { data: "b" }], [{ data: "c" }]]);
  });

  it("keeps what looks like a byte order mark anywhere but at its beginning", async () => {
    expect(await read(["data: a\n\n", "\uFEFFdata: b\n\n", "data: \uFEFFc\n\n"])).toEqual([
      { data: "a" },
      { data: "\uFEFFc" },
    ]);
  });

  it("does not carry a name or an id over to the next record", async () => {
    expect(await read(["event: x\nid: 1\ndata: a\n\ndata: b\n\n"])).toEqual([
      { event: "x", id: "1", data: "a" },
      { data: "b" },
    ]);
  });

  it("does not yield a record that its end cuts off", async () => {
    expect(await read(["data: whole\n\ndata: cut off\n"])).toEqual([{ data: "whole" }]);
    expect(await read(["data: whole\n\ndata: cut off"])).toEqual([{ data: "whole" }]);
  });

  it.each([
    ["one line that never ends", Array(30).fill("data: xxxx")],
    ["many lines of one record", ["data: 0\n", ...Array(30).fill("data: 1\n")]],
    ["a long line in one piece", [`data: ${"x".repeat(60)}\n\n`]],
  ])("is refused where a record is too large: %s", async (_, pieces) => {
    await expect(read(pieces, 50)).rejects.toMatchObject({
      code: "upstream_error",
      message: expect.stringContaining("50"),
    });
  });

  it("may be of any length, with records and comments below the limit", async () => {
    const many = Array<string>(40).fill(": a comment of some length\ndata: 12345\n\n");
    expect(await read(many, 50)).toHaveLength(40);
  });

  it("lets go of the body when its reader leaves", async () => {
    let released = false;
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield* inPieces("data: a\n\n");
      } finally {
        released = true;
      }
    }
    for await (const batch of readEventStream(body())) if (batch.length > 0) break;
    expect(released).toBe(true);
  });

  it("refuses a record of more lines than any has, though they hold next to nothing", async () => {
    const lines = Array<string>(11).fill("data:\ndata\n".repeat(5_000));
    await expect(read(lines)).rejects.toMatchObject({ code: "upstream_error" });
    await expect(read(lines.map((piece) => `${piece}\n`))).resolves.toHaveLength(11);
  });
});
