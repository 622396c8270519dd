import { type SQL, sql } from "drizzle-orm";
import type { InteractionHead } from "../schema/archive.ts";
import type { Revision, Status } from "../schema/core/interaction.ts";

/** A row of `interactions` as the driver gives it: JSON is still text. */
export type InteractionRow = {
  key: number;
  id: string;
  root_id: string;
  previous_id: string | null;
  status: Status;
  model: string | null;
  agent: string | null;
  provider: string;
  upstream_model: string | null;
  upstream_id: string | null;
  revision: Revision;
  background: 0 | 1;
  created_at: number;
  updated_at: number;
  settings: string;
  usage: string | null;
  errors: string | null;
  degraded: string | null;
};

/** The columns of an `InteractionRow`, of the table under the name `i`. */
export const interactionColumns: SQL = sql.raw(
  [
    "key",
    "id",
    "root_id",
    "previous_id",
    "status",
    "model",
    "agent",
    "provider",
    "upstream_model",
    "upstream_id",
    "revision",
    "background",
    "created_at",
    "updated_at",
    "settings",
    "usage",
    "errors",
    "degraded",
  ]
    .map((column) => `i.${column}`)
    .join(", "),
);

/** What a row says. `lasting` is whether what the database holds counts as stored. */
export function headOf(row: InteractionRow, lasting: boolean): InteractionHead {
  return {
    id: row.id,
    root_id: row.root_id,
    ...(row.previous_id === null ? {} : { previous_id: row.previous_id }),
    status: row.status,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.agent === null ? {} : { agent: row.agent }),
    provider: row.provider,
    ...(row.upstream_model === null ? {} : { upstream_model: row.upstream_model }),
    ...(row.upstream_id === null ? {} : { upstream_id: row.upstream_id }),
    revision: row.revision,
    store: lasting,
    background: row.background === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
    settings: JSON.parse(row.settings),
    ...(row.usage === null ? {} : { usage: JSON.parse(row.usage) }),
    ...(row.errors === null ? {} : { errors: JSON.parse(row.errors) }),
    ...(row.degraded === null ? {} : { degraded: JSON.parse(row.degraded) }),
  };
}
