import type { Database } from "better-sqlite3";
import type { Blob } from "./media.ts";
import type { Statements } from "./statements.ts";

/**
 * Media over so many bytes are kept in pieces of so many. SQLite loads a value whole even for a part of it, which for 64 MiB
 * stops everything for a fifth of a second.
 */
export const PIECE_BYTES = 256 * 1024;

/** How the bytes of one medium are kept: as one value, or in pieces. Large ones are one value in older files. */
export type MediaForm = { size: number; inPieces: boolean };

/** The bytes of media, in whichever form they are kept. */
export type MediaBytes = {
  /** Keeps bytes that are not kept yet. To be called within a transaction. */
  write(blob: Blob): void;
  /** `undefined` if nothing is kept by this hash; so below. */
  form(sha256: string): MediaForm | undefined;
  whole(sha256: string): Buffer | undefined;
  /** Bytes from `from` up to `to`, which is exclusive; what lies outside of the medium is left out. */
  part(sha256: string, from: number, to: number): Buffer | undefined;
};

export function createMediaBytes(connection: Database, statements: Statements): MediaBytes {
  // The length of a value is known without loading it.
  const formOf = connection.prepare<[string], { size: number; kept: number }>(
    "select size, length(bytes) as kept from blobs where sha256 = ?",
  );
  const value = connection.prepare<[string], { size: number; bytes: Buffer }>(
    "select size, bytes from blobs where sha256 = ?",
  );
  const valuePart = connection
    .prepare<[number, number, string], Buffer>("select substr(bytes, ?, ?) from blobs where sha256 = ?")
    .pluck();
  const pieceAt = connection
    .prepare<[string, number], Buffer>("select bytes from blob_pieces where sha256 = ? and place = ?")
    .pluck();

  function form(sha256: string): MediaForm | undefined {
    const row = formOf.get(sha256);
    return row && { size: row.size, inPieces: row.kept < row.size };
  }

  /** One piece after the other, so that no more than one is ever held twice. */
  function joined(sha256: string, from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe(to - from);
    for (let filled = 0; filled < bytes.length; ) {
      const at = from + filled;
      const place = Math.floor(at / PIECE_BYTES);
      const copied = pieceAt.get(sha256, place)?.copy(bytes, filled, at % PIECE_BYTES) ?? 0;
      if (copied === 0) throw new Error(`Stored media ${sha256} lacks a part of piece ${place}.`);
      filled += copied;
    }
    return bytes;
  }

  return {
    form,

    write({ sha256, bytes }) {
      const size = bytes.length;
      const inPieces = size > PIECE_BYTES;
      const { changes } = statements.insertBlob.run({ sha256, size, bytes: inPieces ? Buffer.alloc(0) : bytes });
      if (changes === 0 || !inPieces) return;
      for (let place = 0; place * PIECE_BYTES < size; place += 1) {
        const first = place * PIECE_BYTES;
        statements.insertBlobPiece.run({ sha256, place, bytes: bytes.subarray(first, first + PIECE_BYTES) });
      }
    },

    whole(sha256) {
      const row = value.get(sha256);
      if (row === undefined) return undefined;
      return row.bytes.length < row.size ? joined(sha256, 0, row.size) : row.bytes;
    },

    part(sha256, from, to) {
      const kept = form(sha256);
      if (kept === undefined) return undefined;
      const start = Math.max(0, from);
      const end = Math.min(to, kept.size);
      if (start >= end) return Buffer.alloc(0);
      return kept.inPieces ? joined(sha256, start, end) : valuePart.get(start + 1, end - start, sha256);
    },
  };
}
