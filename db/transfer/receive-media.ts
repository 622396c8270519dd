import type { MediaSink } from "../../schema/transfer.ts";
import { type MediaBytes, PIECE_BYTES } from "../media-bytes.ts";
import type { Statements } from "../statements.ts";

/** Writes the bytes of a medium as they come, in the form in which `MediaBytes` keeps them. */
export function receiveMedia(sha256: string, size: number, media: MediaBytes, statements: Statements): MediaSink {
  const inPieces = size > PIECE_BYTES;
  let waiting: Uint8Array[] = [];
  let length = 0;
  let place = 0;

  function writePiece(bytes: Buffer): void {
    statements.insertBlobPiece.run({ sha256, place, bytes });
    place += 1;
  }

  if (inPieces) statements.insertBlob.run({ sha256, size, bytes: Buffer.alloc(0) });
  return {
    async add(bytes) {
      waiting.push(bytes);
      length += bytes.length;
      if (!inPieces || length < PIECE_BYTES) return;
      const joined = Buffer.concat(waiting);
      let from = 0;
      for (; joined.length - from >= PIECE_BYTES; from += PIECE_BYTES)
        writePiece(joined.subarray(from, from + PIECE_BYTES));
      waiting = [joined.subarray(from)];
      length = joined.length - from;
    },
    async end() {
      const rest = Buffer.concat(waiting);
      if (!inPieces) media.write({ sha256, bytes: rest, mime_type: undefined });
      else if (rest.length > 0) writePiece(rest);
    },
  };
}
