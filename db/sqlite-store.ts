import { HubError } from "../schema/core/error.ts";
import type { LoggedEvent } from "../schema/core/event.ts";
import { foldLog } from "../schema/core/fold.ts";
import { type Interaction, isTerminal, type Status } from "../schema/core/interaction.ts";
import type { Step } from "../schema/core/step.ts";
import { roleOf } from "../schema/core/turn.ts";
import { createGroupCommit } from "./group-commit.ts";
import { attaching, type Blob, detaching, hasBlob, moveInEvent, moveInStep } from "./media.ts";
import { openDatabase } from "./open-database.ts";
import { searchText } from "./search-text.ts";
import { type ChainRow, chainQuery, prepareStatements } from "./statements.ts";
import type { ChainLink, Store } from "./store.ts";
import type { interactions } from "./tables.ts";

type InteractionRow = typeof interactions.$inferSelect;

/** Characters of stored events after which a page ends. */
const PAGE_CHARACTERS = 1 << 20;

/** Events that a fold of a whole log reads at once. */
const PAGE = 1000;

/**
 * A store in one SQLite file, or in memory for `:memory:`. `mediaBytes` bounds each image, audio, video or document; `lasting` is
 * whether what it holds counts as stored (`store: true`) or is only held for the time of a request. WAL with
 * `synchronous = NORMAL`: a crash of the process loses nothing that was acknowledged; a power cut may lose the last commits.
 */
export function openSqliteStore(options: { file: string; mediaBytes: number; lasting: boolean }): Store {
  const database = openDatabase(options.file);
  const statements = prepareStatements(database);
  const commits = createGroupCommit(database.connection);
  /** Keys of what runs, so that an append need not look its interaction up. */
  const keys = new Map<string, number>();

  function keyOf(id: string): number {
    const key = keys.get(id) ?? statements.keyOf.all({ id })[0]?.key;
    if (key === undefined) throw new HubError("not_found", `Interaction ${id} is not stored any more.`);
    return key;
  }

  function writeBlobs(key: number, collected: ReadonlyMap<string, Blob>): void {
    for (const { sha256, bytes } of collected.values()) {
      if (bytes.length > options.mediaBytes) {
        throw new HubError(
          "request_too_large",
          `Media of ${bytes.length} bytes is more than is kept (limits.stored_media_bytes is ${options.mediaBytes}).`,
        );
      }
      statements.insertBlob.run({ sha256, size: bytes.length, bytes });
      statements.insertBlobUse.run({ interaction: key, sha256 });
    }
  }

  function writeLog(key: number, log: readonly LoggedEvent[]): void {
    const collected = new Map<string, Blob>();
    const detach = detaching(collected);
    statements.insertEvents.run(
      log.map(({ sequence, at, event }) => ({ interaction: key, sequence, at, body: moveInEvent(event, detach) })),
    );
    if (collected.size > 0) writeBlobs(key, collected);
  }

  function writeSteps(key: number, side: "input" | "output", steps: readonly Step[], firstTurn: number): void {
    const collected = new Map<string, Blob>();
    const detach = detaching(collected);
    let turn = firstTurn;
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1];
      if (before !== undefined && roleOf(before) !== roleOf(step)) turn += 1;
      statements.insertStep.run({
        interaction: key,
        side,
        index,
        turn,
        type: step.type,
        tool: "tool" in step ? step.tool : null,
        callId: "call_id" in step ? step.call_id : null,
        text: searchText(step),
        body: moveInStep(step, detach),
      });
    }
    if (collected.size > 0) writeBlobs(key, collected);
  }

  const attach = attaching((sha256) => {
    const bytes = statements.blobBytes.get({ sha256 })?.bytes;
    if (bytes === undefined) throw new Error(`Stored media ${sha256} is missing.`);
    return bytes;
  });

  /** A page ends early when it is large, and after media, so that no reader ever holds more than one of them. */
  function readEvents(key: number, after: number, limit: number): LoggedEvent[] {
    const page: LoggedEvent[] = [];
    let characters = 0;
    let detached: LoggedEvent | undefined;
    for (const { sequence, at, body } of statements.eventsAfter.all({ interaction: key, after, limit })) {
      const logged: LoggedEvent = { sequence, at, event: JSON.parse(body) };
      page.push(logged);
      characters += body.length;
      if (hasBlob(logged.event)) detached = logged;
      if (detached !== undefined || characters > PAGE_CHARACTERS) break;
    }
    if (detached !== undefined) detached.event = moveInEvent(detached.event, attach);
    return page;
  }

  /** What runs has its output only in the log; what ended has it in rows too, which are cheaper to read. */
  function readWhole(row: InteractionRow): Interaction {
    const stored = statements.stepsOf.all({ interaction: row.key });
    const sideOf = (side: string) =>
      stored.filter((step) => step.side === side).map((step) => moveInStep(step.body, attach));
    const interaction = { ...headOf(row, options.lasting), input: sideOf("input"), output: sideOf("output") };
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

  function removeKey(key: number): void {
    const orphans = statements.blobsUsedOnlyBy.all({ interaction: key });
    statements.removeInteraction.run({ key });
    for (const { sha256 } of orphans) statements.removeBlob.run({ sha256 });
  }

  return {
    async insert(interaction, log) {
      const key = await commits.write(() => {
        const written = statements.insertInteraction.run({
          id: interaction.id,
          rootId: interaction.root_id,
          previousId: interaction.previous_id ?? null,
          status: interaction.status,
          model: interaction.model ?? null,
          agent: interaction.agent ?? null,
          provider: interaction.provider,
          upstreamModel: interaction.upstream_model ?? null,
          revision: interaction.revision,
          background: interaction.background,
          createdAt: interaction.created_at,
          updatedAt: interaction.updated_at,
          settings: interaction.settings,
        });
        const key = Number(written.lastInsertRowid);
        writeSteps(key, "input", interaction.input, 0);
        writeLog(key, log);
        return key;
      });
      // Only now: a commit that fails gives the key to the next interaction.
      keys.set(interaction.id, key);
    },

    append: (id, log) => commits.write(() => writeLog(keyOf(id), log)),

    async finish(interaction, log) {
      await commits.write(() => {
        const key = keyOf(interaction.id);
        const { changes } = statements.finishInteraction.run({
          key,
          status: interaction.status,
          updatedAt: interaction.updated_at,
          usage: jsonOrNull(interaction.usage),
          errors: jsonOrNull(interaction.errors),
          provider: interaction.provider,
          upstreamModel: interaction.upstream_model ?? null,
          upstreamId: interaction.upstream_id ?? null,
          degraded: jsonOrNull(interaction.degraded),
        });
        if (changes === 0) return;
        writeLog(key, log);
        writeSteps(key, "output", interaction.output, 1);
      });
      keys.delete(interaction.id);
    },

    async find(id) {
      const row = statements.interactionById.get({ id });
      return row === undefined ? undefined : readWhole(row);
    },

    async head(id) {
      const row = statements.interactionById.get({ id });
      return row === undefined ? undefined : headOf(row, options.lasting);
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

    remove: (id) =>
      commits.write(() => {
        const key = statements.keyOf.all({ id })[0]?.key;
        if (key !== undefined) removeKey(key);
        keys.delete(id);
        return key !== undefined;
      }),

    expire: (expiries, limit) =>
      commits.write(() => {
        const due = expiries.flatMap((expiry) => statements.expired.all({ ...expiry, limit })).slice(0, limit);
        for (const { key } of due) removeKey(key);
        return due.length;
      }),

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

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function headOf(row: InteractionRow, lasting: boolean): Interaction {
  return {
    id: row.id,
    root_id: row.rootId,
    ...(row.previousId === null ? {} : { previous_id: row.previousId }),
    status: row.status,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.agent === null ? {} : { agent: row.agent }),
    provider: row.provider,
    ...(row.upstreamModel === null ? {} : { upstream_model: row.upstreamModel }),
    ...(row.upstreamId === null ? {} : { upstream_id: row.upstreamId }),
    revision: row.revision,
    store: lasting,
    background: row.background,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    settings: row.settings,
    input: [],
    output: [],
    ...(row.usage === null ? {} : { usage: row.usage }),
    ...(row.errors === null ? {} : { errors: row.errors }),
    ...(row.degraded === null ? {} : { degraded: row.degraded }),
  };
}
