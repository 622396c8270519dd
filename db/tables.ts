import { sql } from "drizzle-orm";
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Degradation } from "../schema/core/degradation.ts";
import type { Event } from "../schema/core/event.ts";
import type { Failure, Revision, Status } from "../schema/core/interaction.ts";
import type { Settings } from "../schema/core/settings.ts";
import type { Step, ToolName } from "../schema/core/step.ts";
import type { Usage } from "../schema/core/usage.ts";

// A column if it is filtered, sorted or joined on; JSON if it is only carried.

/** One row an interaction. `key` is the order of arrival and what the other tables refer to: an id has 70 characters. */
export const interactions = sqliteTable(
  "interactions",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    id: text("id").notNull(),
    rootId: text("root_id").notNull(),
    // No foreign key: deleting a link must neither delete nor break what others built on it.
    previousId: text("previous_id"),
    status: text("status").$type<Status>().notNull(),
    model: text("model"),
    agent: text("agent"),
    provider: text("provider").notNull(),
    upstreamModel: text("upstream_model"),
    upstreamId: text("upstream_id"),
    revision: text("revision").$type<Revision>().notNull(),
    background: integer("background", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    settings: text("settings", { mode: "json" }).$type<Settings>().notNull(),
    usage: text("usage", { mode: "json" }).$type<Usage>(),
    errors: text("errors", { mode: "json" }).$type<Failure[]>(),
    degraded: text("degraded", { mode: "json" }).$type<Degradation[]>(),
    /** Counts the changes of all interactions: the number of this one's latest. */
    change: integer("change").notNull().default(0),
  },
  (table) => [
    uniqueIndex("interactions_id").on(table.id),
    index("interactions_root").on(table.rootId, table.key),
    index("interactions_previous").on(table.previousId),
    index("interactions_status").on(table.status, table.updatedAt),
    index("interactions_created").on(table.createdAt),
    index("interactions_updated").on(table.updatedAt),
    index("interactions_model").on(table.model),
    index("interactions_agent").on(table.agent).where(sql`agent is not null`),
    index("interactions_provider").on(table.provider),
    index("interactions_errors").on(table.key).where(sql`errors is not null`),
    index("interactions_change").on(table.change),
  ],
);

/** One row a step: the input from the beginning, the output once the interaction has ended (until then, the log has it). */
export const steps = sqliteTable(
  "steps",
  {
    key: integer("key").primaryKey(),
    interaction: integer("interaction")
      .notNull()
      .references(() => interactions.key, { onDelete: "cascade" }),
    side: text("side").$type<"input" | "output">().notNull(),
    index: integer("index").notNull(),
    turn: integer("turn").notNull(),
    type: text("type").$type<Step["type"]>().notNull(),
    tool: text("tool"),
    callId: text("call_id"),
    /** What people would search for: text, function names and arguments, results. */
    text: text("text"),
    body: text("body", { mode: "json" }).$type<Step>().notNull(),
  },
  (table) => [uniqueIndex("steps_place").on(table.interaction, table.side, table.index)],
);

/** The log. Everything else is a function of it. */
export const events = sqliteTable(
  "events",
  {
    interaction: integer("interaction")
      .notNull()
      .references(() => interactions.key, { onDelete: "cascade" }),
    sequence: integer("sequence").notNull(),
    at: integer("at").notNull(),
    body: text("body", { mode: "json" }).$type<Event>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.interaction, table.sequence] })],
);

/**
 * Media bytes by their SHA-256 (hex): an image sent in ten turns is stored once. `bytes` is empty, though `size` is not, if
 * they are in pieces.
 */
export const blobs = sqliteTable("blobs", {
  sha256: text("sha256").primaryKey(),
  size: integer("size").notNull(),
  bytes: blob("bytes", { mode: "buffer" }).notNull(),
});

/**
 * The bytes of large media, in pieces of one length. With rowids, because a search through a table without them compares
 * whole rows, and so loads other pieces on its way to one.
 */
export const blobPieces = sqliteTable(
  "blob_pieces",
  {
    sha256: text("sha256")
      .notNull()
      .references(() => blobs.sha256, { onDelete: "cascade" }),
    place: integer("place").notNull(),
    bytes: blob("bytes", { mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.sha256, table.place] })],
);

/** Which interaction needs which bytes; a blob without a row here is removed. */
export const blobUses = sqliteTable(
  "blob_uses",
  {
    interaction: integer("interaction")
      .notNull()
      .references(() => interactions.key, { onDelete: "cascade" }),
    sha256: text("sha256")
      .notNull()
      .references(() => blobs.sha256),
    /** As whoever sent the bytes said. Not beside them, because a column behind many bytes is slow to read. */
    mimeType: text("mime_type"),
  },
  (table) => [primaryKey({ columns: [table.interaction, table.sha256] }), index("blob_uses_sha256").on(table.sha256)],
);

/** The labels of `interactions.settings`, one row each. */
export const labels = sqliteTable(
  "labels",
  {
    interaction: integer("interaction")
      .notNull()
      .references(() => interactions.key, { onDelete: "cascade" }),
    key: text("key").notNull(),
    value: text("value").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.interaction, table.key] }),
    index("labels_value").on(table.key, table.value, table.interaction),
    index("labels_key").on(table.key, table.interaction),
  ],
);

/**
 * Which tools the steps of an interaction name. `name` is the function's or the MCP tool's own name, else that of the
 * tool. What was only sent along as history has a row too, but does not count.
 */
export const toolUses = sqliteTable(
  "tool_uses",
  {
    interaction: integer("interaction")
      .notNull()
      .references(() => interactions.key, { onDelete: "cascade" }),
    tool: text("tool").$type<ToolName>().notNull(),
    name: text("name").notNull(),
    calls: integer("calls").notNull(),
    results: integer("results").notNull(),
    failures: integer("failures").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.interaction, table.tool, table.name] }),
    index("tool_uses_name").on(table.name, table.interaction),
  ],
);

/**
 * What has ended, added up by the day of its creation (counted from 1970, UTC), so that nobody need read a million rows.
 * An absent model or agent is an empty one.
 */
export const usageByDay = sqliteTable(
  "usage_by_day",
  {
    day: integer("day").notNull(),
    status: text("status").$type<Status>().notNull(),
    provider: text("provider").notNull(),
    model: text("model").notNull(),
    agent: text("agent").notNull(),
    interactions: integer("interactions").notNull(),
    totalTokens: integer("total_tokens").notNull(),
    inputTokens: integer("input_tokens").notNull(),
    cachedTokens: integer("cached_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    toolUseTokens: integer("tool_use_tokens").notNull(),
    thoughtTokens: integer("thought_tokens").notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.status, table.provider, table.model, table.agent] })],
);

/** The newest removals, in the count of `interactions.change`: so that who follows the changes hears of them. */
export const removals = sqliteTable("removals", { change: integer("change").primaryKey(), id: text("id").notNull() });

/**
 * One row: the longest time, in milliseconds, by which an interaction was created before one that had arrived earlier.
 * With it a time can be looked up in the order of arrival.
 */
export const clockLag = sqliteTable("clock_lag", { lag: integer("lag").primaryKey() });
