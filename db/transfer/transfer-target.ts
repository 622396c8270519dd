import { HubError } from "../../schema/core/error.ts";
import type { MediaSink, TransferTarget, TransferWriting } from "../../schema/transfer.ts";
import type { Storage } from "../storage.ts";
import { receiveMedia } from "./receive-media.ts";

/** For media that are kept already. */
const nowhere: MediaSink = { add: async () => {}, end: async () => {} };

/** A store to import into, which nobody else uses meanwhile. `mediaBytes` is that of the store; it is closed with this. */
export function createTransferTarget(storage: Storage, mediaBytes: number): TransferTarget {
  const { database, statements, writer, texts, media } = storage;
  const { connection } = database;
  const newest = connection.prepare<[], number | null>("select max(key) from interactions").pluck();
  const known = connection.prepare<[string], { key: number; root_id: string }>(
    "select key, root_id from interactions where id = ?",
  );
  const follower = connection
    .prepare<[{ id: string }], string>(
      `select id from interactions where previous_id = @id and id <> @id
        union all select id from interactions where root_id = @id and id <> @id limit 1`,
    )
    .pluck();
  const orphans = connection
    .prepare<[], string>(
      "select sha256 from blobs where not exists (select 1 from blob_uses where blob_uses.sha256 = blobs.sha256)",
    )
    .pluck();

  function writing(newestBefore: number): TransferWriting {
    return {
      async find(id) {
        const row = known.get(id);
        return row && { isNew: row.key > newestBefore, root_id: row.root_id };
      },
      follower: async (id) => follower.get({ id }),
      hasMedia: async (sha256) => media.form(sha256) !== undefined,
      media: async (sha256, size) =>
        media.form(sha256) === undefined ? receiveMedia(sha256, size, media, statements) : nowhere,
      insert: async (begun, log) => writer.insert(begun, log),
      append: async (key, log) => writer.append(key, log),
      async finish(key, ended, log) {
        writer.finish(key, ended, log);
        if (texts.isDue()) texts.advance();
      },
    };
  }

  return {
    mediaBytes,

    async write(work) {
      // Then the log that an import for which the disk is too small leaves holds nothing, and goes away without needing room.
      connection.pragma("wal_checkpoint(TRUNCATE)");
      connection.exec("begin immediate");
      try {
        const done = await work(writing(newest.get() ?? 0));
        // Media of interactions that were stored already, and as they are do not have them.
        for (const sha256 of orphans.all()) statements.removeBlob.run({ sha256 });
        while (texts.isBehind()) texts.advance();
        connection.exec("commit");
        return done;
      } catch (error) {
        if (connection.inTransaction) connection.exec("rollback");
        throw isFull(error)
          ? new HubError("storage_full", "The disk that holds the database is full.", { cause: error })
          : error;
      }
    },

    close: () => database.close(),
  };
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "SQLITE_FULL";
}
