import type { ServerResponse } from "node:http";
import type { FileReply, Headers } from "../operation.ts";
import type { ByteRange } from "./byte-range.ts";
import { drained } from "./drained.ts";

/** What is read at once, and so kept in memory for each reader. Reads end at its multiples, where stored pieces do. */
const PIECE = 256 * 1024;

export type BytesOptions = {
  outgoing: ServerResponse;
  status: number;
  headers: Headers;
  range: ByteRange;
  read: FileReply["read"];
  gone: AbortSignal;
};

/** Writes bytes in pieces, at the reader's pace; nothing is read for whom has gone. */
export async function writeBytes({ outgoing, status, headers, range, read, gone }: BytesOptions): Promise<void> {
  outgoing.writeHead(status, headers);
  const { from, to } = range;
  for (let place = from; place < to && !gone.aborted; ) {
    const end = Math.min(to, place - (place % PIECE) + PIECE);
    const piece = await read(place, end);
    place = end;
    if (!outgoing.write(piece)) await drained(outgoing, gone);
  }
  outgoing.end();
}
