import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Degradation } from "../schema/core/degradation.ts";
import type { Event } from "../schema/core/event.ts";
import type { Failure, Revision, Status } from "../schema/core/interaction.ts";
import type { Settings } from "../schema/core/settings.ts";
import type { Step } from "../schema/core/step.ts";
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
  },
  (table) => [
    uniqueIndex("interactions_id").on(table.id),
    index("interactions_root").on(table.rootId, table.key),
    index("interactions_previous").on(table.previousId),
    index("interactions_status").on(table.status, table.updatedAt),
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

/** Media bytes by their SHA-256 (hex): an image sent in ten turns is stored once. */
export const blobs = sqliteTable("blobs", {
  sha256: text("sha256").primaryKey(),
  size: integer("size").notNull(),
  bytes: blob("bytes", { mode: "buffer" }).notNull(),
});

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
  },
  (table) => [primaryKey({ columns: [table.interaction, table.sha256] }), index("blob_uses_sha256").on(table.sha256)],
);
