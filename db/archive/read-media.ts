import type { Database } from "better-sqlite3";
import type { StoredMedia } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";

/** Media by its hash. */
export function createReadMedia(connection: Database): (sha256: string) => StoredMedia | undefined {
  const head = connection.prepare<[string], { size: number; mime_type: string | null }>(
    `select size, (select mime_type from blob_uses where blob_uses.sha256 = blobs.sha256 and mime_type is not null limit 1)
      as mime_type from blobs where sha256 = ?`,
  );
  const part = connection
    .prepare<[number, number, string], Buffer>("select substr(bytes, ?, ?) from blobs where sha256 = ?")
    .pluck();
  return (sha256) => {
    const found = head.get(sha256);
    if (found === undefined) return undefined;
    const { size, mime_type } = found;
    return {
      size,
      ...(mime_type === null ? {} : { mime_type }),
      async read(from, to) {
        const start = Math.max(0, from);
        const bytes = part.get(start + 1, Math.max(0, to - start), sha256);
        if (bytes === undefined) throw new HubError("not_found", "The media is not stored any more.");
        return bytes;
      },
    };
  };
}
