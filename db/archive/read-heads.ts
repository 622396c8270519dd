import { type SQL, sql } from "drizzle-orm";
import type { InteractionHead } from "../../schema/archive.ts";
import { headOf, type InteractionRow, interactionColumns } from "../interaction-head.ts";
import type { Ask } from "./ask.ts";
import { valuesOf } from "./conditions.ts";

/** Reads many interactions at once; what is not stored is left out. */
export type ReadHeads = {
  byKeys(keys: readonly number[]): Map<number, InteractionHead>;
  byIds(ids: readonly string[]): Map<string, InteractionHead>;
};

export function createReadHeads(ask: Ask): ReadHeads {
  const rowsOf = (values: readonly (string | number)[], column: SQL) =>
    ask.all<InteractionRow>(sql`
      select ${interactionColumns} from ${valuesOf(values)} v cross join interactions i on ${column} = v.value`);
  return {
    byKeys: (keys) => new Map(rowsOf(keys, sql`i.key`).map((row) => [row.key, headOf(row, true)])),
    byIds: (ids) => new Map(rowsOf(ids, sql`i.id`).map((row) => [row.id, headOf(row, true)])),
  };
}
