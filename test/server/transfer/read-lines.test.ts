import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLines } from "../../../server/transfer/read-lines.ts";

async function linesOf(chunks: readonly Uint8Array[], most = 1000): Promise<[number, string][]> {
  async function* each() {
    // One buffer for all, as some streams have it.
    const memory = Buffer.alloc(2000);
    for (const chunk of chunks) {
      memory.set(chunk);
      yield memory.subarray(0, chunk.length);
    }
  }
  const lines: [number, string][] = [];
  for await (const page of readLines(each(), most)) {
    for (const { number, bytes } of page) lines.push([number, bytes.toString("latin1")]);
  }
  return lines;
}

describe("the lines of a file", () => {
  test("are the same, whatever chunks they come in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 9 }).map((text) => text.replaceAll("\n", ""))),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        async (texts, lengths) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
          const chunks: Uint8Array[] = [];
          for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
            const length = lengths[turn % lengths.length] ?? 1;
            chunks.push(bytes.subarray(from, from + length), Buffer.alloc(0));
            from += length;
          }
          const expected = texts.map((text, index) => [index + 1, Buffer.from(`${text}\n`).toString("latin1")]);
          expect(await linesOf(chunks)).toEqual(expected);
        },
      ),
    );
  });

  test("may be as long as is allowed, and not longer, in one chunk or several", async () => {
    const [line, longer] = [Buffer.from("123456789\n"), Buffer.from("1234567890\n")];
    for (const length of [1, 4, 11]) {
      const cut = (bytes: Buffer) =>
        Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
          bytes.subarray(index * length, (index + 1) * length),
        );
      expect(await linesOf(cut(line), 10)).toEqual([[1, "123456789\n"]]);
      await expect(linesOf(cut(longer), 10)).rejects.toMatchObject({ message: "line 1: is longer than 10 bytes." });
    }
  });

  test("end with the file: what follows the last end is refused", async () => {
    await expect(linesOf([Buffer.from("a\nb")])).rejects.toMatchObject({
      code: "invalid_request",
      message: "line 2: breaks off; the file is truncated.",
    });
    expect(await linesOf([])).toEqual([]);
  });
});
