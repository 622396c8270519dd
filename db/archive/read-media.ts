import type { Database } from "better-sqlite3";
import type { StoredMedia } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";
import { type MediaBytes, PIECE_BYTES } from "../media-bytes.ts";

/** The most times that one large value of an older file is loaded for whoever reads all of it. */
const MOST_LOADS = 8;

/** Media by its hash. */
export function createReadMedia(connection: Database, bytes: MediaBytes): (sha256: string) => StoredMedia | undefined {
  const mimeType = connection
    .prepare<[string], string>("select mime_type from blob_uses where sha256 = ? and mime_type is not null limit 1")
    .pluck();

  function part(sha256: string, from: number, to: number): Buffer {
    const found = bytes.part(sha256, from, to);
    if (found === undefined) throw new HubError("not_found", "The media is not stored any more.");
    return found;
  }

  return (sha256) => {
    const form = bytes.form(sha256);
    if (form === undefined) return undefined;
    const { size } = form;
    const mime_type = mimeType.get(sha256);
    const isOneLargeValue = size > PIECE_BYTES && !form.inPieces;
    return {
      size,
      ...(mime_type === undefined ? {} : { mime_type }),
      read: isOneLargeValue
        ? readingAhead(Math.ceil(size / MOST_LOADS), (from, to) => part(sha256, from, to))
        : async (from, to) => part(sha256, from, to),
    };
  };
}

/** Reads at least `length` at once and holds the rest for the reads that follow, where every read costs as much as all. */
function readingAhead(length: number, read: (from: number, to: number) => Buffer): StoredMedia["read"] {
  let ahead: { from: number; bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };
  return async (from, to) => {
    const start = Math.max(0, from);
    if (start < ahead.from || to > ahead.from + ahead.bytes.length) {
      ahead = { from: start, bytes: read(start, Math.max(to, start + length)) };
    }
    return ahead.bytes.subarray(start - ahead.from, Math.max(0, to - ahead.from));
  };
}
