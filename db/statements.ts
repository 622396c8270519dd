import { and, asc, eq, gt, lt, sql } from "drizzle-orm";
import type { InteractionRow } from "./interaction-head.ts";
import type { OpenDatabase } from "./open-database.ts";
import { prepareInserts, prepareRead, prepareWrite } from "./prepare-query.ts";
import { blobPieces, blobs, blobUses, events, interactions, steps } from "./tables.ts";

const of = sql.placeholder;

/** The queries of the store's hot paths, prepared once: drizzle's builder costs several times what the query itself does. */
export function prepareStatements({ connection, drizzle: database }: Pick<OpenDatabase, "connection" | "drizzle">) {
  const write = (query: Parameters<typeof prepareWrite>[1]) => prepareWrite(connection, query);
  return {
    insertInteraction: write(
      database.insert(interactions).values({
        id: of("id"),
        rootId: of("rootId"),
        previousId: of("previousId"),
        status: of("status"),
        model: of("model"),
        agent: of("agent"),
        provider: of("provider"),
        upstreamModel: of("upstreamModel"),
        revision: of("revision"),
        background: of("background"),
        createdAt: of("createdAt"),
        updatedAt: of("updatedAt"),
        settings: of("settings"),
        change: of("change"),
      }),
    ),
    finishInteraction: write(
      database
        .update(interactions)
        .set({
          status: sql`${of("status")}`,
          updatedAt: sql`${of("updatedAt")}`,
          usage: sql`${of("usage")}`,
          errors: sql`${of("errors")}`,
          provider: sql`${of("provider")}`,
          upstreamModel: sql`${of("upstreamModel")}`,
          upstreamId: sql`${of("upstreamId")}`,
          degraded: sql`${of("degraded")}`,
          change: sql`${of("change")}`,
        })
        // Whoever comes second, after the end has been written, changes nothing.
        .where(and(eq(interactions.key, of("key")), eq(interactions.status, "in_progress"))),
    ),
    insertStep: write(
      database.insert(steps).values({
        interaction: of("interaction"),
        side: of("side"),
        index: of("index"),
        turn: of("turn"),
        type: of("type"),
        tool: of("tool"),
        callId: of("callId"),
        text: of("text"),
        body: of("body"),
      }),
    ),
    insertEvents: prepareInserts(connection, (rows) => {
      const row = { interaction: of("interaction"), sequence: of("sequence"), at: of("at"), body: of("body") };
      return database.insert(events).values(Array.from({ length: rows }, () => row));
    }),
    insertBlob: write(
      database
        .insert(blobs)
        .values({ sha256: of("sha256"), size: of("size"), bytes: of("bytes") })
        .onConflictDoNothing(),
    ),
    insertBlobPiece: write(
      database.insert(blobPieces).values({ sha256: of("sha256"), place: of("place"), bytes: of("bytes") }),
    ),
    insertBlobUse: write(
      database
        .insert(blobUses)
        .values({ interaction: of("interaction"), sha256: of("sha256"), mimeType: of("mimeType") })
        .onConflictDoNothing(),
    ),
    keyOf: prepareRead<{ key: number }>(
      connection,
      database
        .select({ key: interactions.key })
        .from(interactions)
        .where(eq(interactions.id, of("id"))),
    ),
    interactionById: connection.prepare<[string], InteractionRow>("select * from interactions where id = ?"),
    stepsOf: database
      .select({ side: steps.side, body: steps.body })
      .from(steps)
      .where(eq(steps.interaction, of("interaction")))
      .orderBy(asc(steps.interaction), asc(steps.side), asc(steps.index))
      .prepare(),
    eventsAfter: prepareRead<{ sequence: number; at: number; body: string }>(
      connection,
      database
        .select({ sequence: events.sequence, at: events.at, body: events.body })
        .from(events)
        .where(and(eq(events.interaction, of("interaction")), gt(events.sequence, of("after"))))
        .orderBy(asc(events.sequence))
        .limit(of("limit")),
    ),
    blobsUsedOnlyBy: database
      .select({ sha256: blobUses.sha256 })
      .from(blobUses)
      .where(
        and(
          eq(blobUses.interaction, of("interaction")),
          sql`not exists (select 1 from ${blobUses} as other where other.sha256 = ${blobUses.sha256} and other.interaction <> ${blobUses.interaction})`,
        ),
      )
      .prepare(),
    removeInteraction: write(database.delete(interactions).where(eq(interactions.key, of("key")))),
    removeBlob: write(database.delete(blobs).where(eq(blobs.sha256, of("sha256")))),
    unfinished: database
      .select({ id: interactions.id })
      .from(interactions)
      .where(eq(interactions.status, "in_progress"))
      .orderBy(asc(interactions.key))
      .prepare(),
    expired: database
      .select({ id: interactions.id })
      .from(interactions)
      .where(and(eq(interactions.status, of("status")), lt(interactions.updatedAt, of("before"))))
      .limit(of("limit"))
      .prepare(),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;

/** Steps of a chain from its oldest stored link to its tip, each with the link it belongs to. */
export const chainQuery = (id: string) => sql<ChainRow>`
  WITH RECURSIVE chain (key, id, previous_id, status, provider, upstream_id, depth) AS (
    SELECT key, id, previous_id, status, provider, upstream_id, 0 FROM interactions WHERE id = ${id}
    UNION ALL
    SELECT parent.key, parent.id, parent.previous_id, parent.status, parent.provider, parent.upstream_id, chain.depth + 1
    FROM chain JOIN interactions AS parent ON parent.id = chain.previous_id
  )
  SELECT chain.id AS id, chain.previous_id AS previous_id, chain.status AS status, chain.provider AS provider,
    chain.upstream_id AS upstream_id, steps.body AS body
  FROM chain LEFT JOIN steps ON steps.interaction = chain.key
  ORDER BY chain.depth DESC, steps.side, steps."index"`;

/** One row of `chainQuery`; `body` is the step's JSON, null for a link without steps. */
export type ChainRow = {
  id: string;
  previous_id: string | null;
  status: string;
  provider: string;
  upstream_id: string | null;
  body: string | null;
};
