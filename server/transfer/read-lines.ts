import { wrong } from "./wrong-file.ts";

const newline = 0x0a;

/** A line with its end, and its number from 1. */
export type Line = { number: number; bytes: Buffer };

/**
 * The lines of a file, those of each chunk together. No more than one line is held beyond a chunk; one that is longer than
 * `most` bytes is refused before it has been read. So is what follows the last end of a line, because it is the rest of a
 * file that was cut.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Line[], void, void> {
  let begun: Buffer[] = [];
  let length = 0;
  let number = 1;
  const refuseLong = (more: number) => {
    if (length + more > most) throw wrong(`line ${number}: is longer than ${most} bytes.`);
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      const part = bytes.subarray(from, end + 1);
      refuseLong(part.length);
      lines.push({ number, bytes: begun.length === 0 ? part : Buffer.concat([...begun, part]) });
      begun = [];
      length = 0;
      number += 1;
      from = end + 1;
    }
    const rest = bytes.subarray(from);
    refuseLong(rest.length);
    if (lines.length > 0) yield lines;
    if (rest.length === 0) continue;
    // A copy: whoever brings the chunks may use the memory again.
    begun.push(Buffer.from(rest));
    length += rest.length;
  }
  if (length > 0) throw wrong(`line ${number}: breaks off; the file is truncated.`);
}
