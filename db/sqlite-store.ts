import { HubError } from "../schema/core/error.ts";
import type { LoggedEvent } from "../schema/core/event.ts";
import { foldLog } from "../schema/core/fold.ts";
import { type Interaction, isTerminal, type Status } from "../schema/core/interaction.ts";
import { headOf, type InteractionRow } from "./interaction-head.ts";
import { attaching, hasBlob, moveInEvent, moveInStep } from "./media.ts";
import { createPageOfEvents } from "./page-of-events.ts";
import { type ChainRow, chainQuery } from "./statements.ts";
import { openStorage, type Storage, type StorageOptions } from "./storage.ts";
import type { ChainLink, Store } from "./store.ts";

/** Events that a fold of a whole log reads at once. */
const PAGE = 1000;

/** A store with a database of its own. */
export function openSqliteStore(options: StorageOptions): Store {
  return createSqliteStore(openStorage(options));
}

/**
 * A store in one SQLite file, or in memory. WAL with `synchronous = NORMAL`: a crash of the process loses nothing that was
 * acknowledged; a power cut may lose the last commits.
 */
export function createSqliteStore(storage: Storage): Store {
  const { database, statements, commits, writer, texts, changed } = storage;
  /** Keys of what runs, so that an append need not look its interaction up. */
  const keys = new Map<string, number>();

  function keyOf(id: string): number {
    const key = keys.get(id) ?? statements.keyOf.all({ id })[0]?.key;
    if (key === undefined) throw new HubError("not_found", `Interaction ${id} is not stored any more.`);
    return key;
  }

  /** What fails here is tried again by the next one, or by who searches. Nobody searches what does not last. */
  function indexTexts(): void {
    if (storage.lasting && texts.isDue()) commits.write(texts.advance).catch(() => {});
  }

  const attach = attaching((sha256) => {
    const bytes = storage.media.whole(sha256);
    if (bytes === undefined) throw new Error(`Stored media ${sha256} is missing.`);
    return bytes;
  });

  const pageOfEvents = createPageOfEvents(statements);

  /** A page ends after media, too, so that no reader ever holds more than one of them. */
  function readEvents(key: number, after: number, limit: number): LoggedEvent[] {
    const page = pageOfEvents(key, after, limit, hasBlob);
    const last = page.at(-1);
    if (last !== undefined && hasBlob(last.event)) last.event = moveInEvent(last.event, attach);
    return page;
  }

  /** What runs has its output only in the log; what ended has it in rows too, which are cheaper to read. */
  function readWhole(row: InteractionRow): Interaction {
    const stored = statements.stepsOf.all({ interaction: row.key });
    const sideOf = (side: string) =>
      stored.filter((step) => step.side === side).map((step) => moveInStep(step.body, attach));
    const interaction = { ...headOf(row, storage.lasting), input: sideOf("input"), output: sideOf("output") };
    if (isTerminal(interaction.status)) return interaction;
    let folded = interaction;
    for (let after = 0; ; ) {
      const page = readEvents(row.key, after, PAGE);
      folded = foldLog(folded, page);
      const last = page.at(-1);
      if (last === undefined) return folded;
      after = last.sequence;
    }
  }

  return {
    async insert(interaction, log) {
      const key = await commits.write(() => writer.insert(interaction, log));
      // Only now: a commit that fails gives the key to the next interaction.
      keys.set(interaction.id, key);
      changed.ring();
    },

    append: (id, log) => commits.write(() => writer.append(keyOf(id), log)),

    async finish(interaction, log) {
      const isEnd = await commits.write(() => writer.finish(keyOf(interaction.id), interaction, log));
      keys.delete(interaction.id);
      if (!isEnd) return;
      indexTexts();
      changed.ring();
    },

    async find(id) {
      const row = statements.interactionById.get(id);
      return row === undefined ? undefined : readWhole(row);
    },

    async head(id) {
      const row = statements.interactionById.get(id);
      return row === undefined ? undefined : { ...headOf(row, storage.lasting), input: [], output: [] };
    },

    async events(id, after, limit) {
      return readEvents(keyOf(id), after, limit);
    },

    async chain(id) {
      const links: ChainLink[] = [];
      for (const row of database.drizzle.all<ChainRow>(chainQuery(id))) {
        let link = links.at(-1);
        if (link?.id !== row.id) {
          link = linkOf(row);
          links.push(link);
        }
        if (row.body !== null) link.steps.push(moveInStep(JSON.parse(row.body), attach));
      }
      return links;
    },

    async unfinished() {
      return statements.unfinished.all().map(({ id }) => id);
    },

    async remove(id) {
      const isRemoved = await commits.write(() => {
        keys.delete(id);
        return writer.remove(id);
      });
      if (isRemoved) changed.ring();
      return isRemoved;
    },

    async expire(expiries, limit) {
      const count = await commits.write(() => {
        const due = expiries.flatMap((expiry) => statements.expired.all({ ...expiry, limit })).slice(0, limit);
        for (const { id } of due) writer.remove(id);
        return due.length;
      });
      if (count > 0) changed.ring();
      return count;
    },

    async close() {
      commits.flush();
      database.close();
    },
  };
}

function linkOf({ id, previous_id, status, provider, upstream_id }: ChainRow): ChainLink {
  return {
    id,
    previous_id: previous_id ?? undefined,
    status: status as Status,
    provider,
    upstream_id: upstream_id ?? undefined,
    steps: [],
  };
}
