import type { Database } from "better-sqlite3";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { HubError } from "../../schema/core/error.ts";
import { PIECE_BYTES } from "../../schema/transfer/records.ts";
import type {
  StoredBytes,
  StoredEvent,
  StoredInteraction,
  StoredStep,
  TransferSelection,
  TransferSource,
} from "../../schema/transfer.ts";
import { createAsk } from "../archive/ask.ts";
import { valuesOf } from "../archive/conditions.ts";
import { headOf, type InteractionRow, interactionColumns } from "../interaction-head.ts";
import { createMediaBytes } from "../media-bytes.ts";
import { prepareStatements } from "../statements.ts";
import { selectedKeys } from "./selected-keys.ts";

/** Steps and events that are read at once. */
const STEPS = 64;
const EVENTS = 512;

/**
 * What a connection sees, which may be one for reading only while a hub writes. All of it is of the moment at which this is
 * called: until it is closed, the file's log cannot be cut back. The connection is closed with it.
 */
export function createTransferSource(connection: Database): TransferSource {
  connection.pragma("cache_size = -16000");
  connection.exec("begin");
  const ask = createAsk(connection);
  const bytes = createMediaBytes(connection, prepareStatements({ connection, drizzle: drizzle(connection) }));
  const steps = connection.prepare<[number, string, number, number], StoredStep>(
    `select side, "index", body from steps where interaction = ? and (side, "index") > (?, ?)
      order by side, "index" limit ?`,
  );
  const events = connection.prepare<[number, number, number], StoredEvent>(
    "select sequence, at, body from events where interaction = ? and sequence > ? order by sequence limit ?",
  );
  const media = connection
    .prepare<[number], string>("select sha256 from blob_uses where interaction = ? order by sha256")
    .pluck();
  // A snapshot is taken by the first read.
  connection.prepare("select 1 from interactions limit 1").get();

  function storedOf(row: InteractionRow): StoredInteraction {
    return {
      id: row.id,
      head: async () => orDamaged("its row holds what is no JSON.", () => headOf(row, true)),
      media: async () => media.all(row.key),
      steps: () =>
        pagesOf(STEPS, (last: StoredStep | undefined) => steps.all(row.key, last?.side ?? "", last?.index ?? 0, STEPS)),
      events: () =>
        pagesOf(EVENTS, (last: StoredEvent | undefined) => events.all(row.key, last?.sequence ?? 0, EVENTS)),
    };
  }

  async function* piecesOf(sha256: string): AsyncGenerator<Uint8Array, void, void> {
    const form = bytes.form(sha256);
    if (form === undefined) throw missing(sha256);
    // In older files large ones are one value, which is loaded whole for any part of it.
    const whole = form.inPieces ? undefined : bytes.whole(sha256);
    for (let from = 0; from < form.size; from += PIECE_BYTES) {
      const read = () => whole?.subarray(from, from + PIECE_BYTES) ?? bytes.part(sha256, from, from + PIECE_BYTES);
      const piece = orDamaged(`media/${sha256} is not stored whole.`, read);
      if (piece === undefined) throw missing(sha256);
      yield piece;
    }
  }

  return {
    async *finished(selection: TransferSelection) {
      for (const keys of selectedKeys(selection, ask)) {
        const rows = ask.all<InteractionRow>(sql`
          select ${interactionColumns} from ${valuesOf(keys)} v cross join interactions i on i.key = v.value
          where i.status <> 'in_progress' order by i.key`);
        for (const row of rows) yield storedOf(row);
      }
    },

    async unfinished(selection) {
      let count = 0;
      for (const keys of selectedKeys(selection, ask)) {
        const [row] = ask.all<{ count: number }>(sql`
          select count(*) as count from ${valuesOf(keys)} v cross join interactions i on i.key = v.value
          where i.status = 'in_progress'`);
        count += row?.count ?? 0;
      }
      return count;
    },

    async media(sha256): Promise<StoredBytes> {
      const size = bytes.form(sha256)?.size;
      if (size === undefined) throw missing(sha256);
      return { size, pieces: () => piecesOf(sha256) };
    },

    close: () => connection.close(),
  };
}

function missing(sha256: string): HubError {
  return new HubError("internal", `media/${sha256} is not stored.`);
}

/** What is read, unless it is damaged: what the driver itself throws is another matter. */
function orDamaged<T>(message: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    throw new HubError("internal", message, { cause: error });
  }
}

/** Pages that each begin behind the last item of the one before; one that is not full is the last. */
async function* pagesOf<T>(size: number, read: (last: T | undefined) => T[]): AsyncGenerator<T[], void, void> {
  for (let last: T | undefined; ; ) {
    const page = read(last);
    if (page.length > 0) yield page;
    if (page.length < size) return;
    last = page.at(-1);
  }
}
