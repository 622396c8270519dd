import { type SQL, sql } from "drizzle-orm";
import { type InteractionFilter, MOST_ITEMS } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";

/** A column that must have one of some values. */
export function isOneOf(column: SQL, values: readonly string[]): SQL {
  const [only] = values;
  return values.length === 1 ? sql`${column} = ${only}` : sql`${column} in (select value from ${valuesOf(values)})`;
}

/** A table with a row for each value, in its column `value`. However many there are, the query is the same. */
export function valuesOf(values: readonly (string | number)[]): SQL {
  return sql`json_each(${JSON.stringify(values)})`;
}

/** Conditions that must all hold; where there are none, that is always so. */
export function all(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `);
}

/**
 * What a filter asks of an interaction, the row `i`, but for its `text`. Rejects with `invalid_request` a list that is
 * too long.
 */
export function conditionsOf(filter: InteractionFilter): SQL[] {
  const { ids, roots, status, model, agent, provider, tool, labels = [], has_error, is_root } = filter;
  const conditions: SQL[] = [];
  const lists = { id: ids, root_id: roots, status, model, agent, provider };
  for (const [column, values] of Object.entries(lists)) {
    if (values !== undefined) conditions.push(isOneOf(sql.raw(`i.${column}`), bounded(values)));
  }
  for (const { key, value } of bounded(labels)) {
    const withValue = value === undefined ? sql`` : sql` and l.value = ${value}`;
    conditions.push(sql`exists (select 1 from labels l where l.interaction = i.key and l.key = ${key}${withValue})`);
  }
  if (tool !== undefined) {
    const isNamed = isOneOf(sql`u.name`, bounded(tool));
    conditions.push(sql`exists (select 1 from tool_uses u where u.interaction = i.key and ${isNamed})`);
  }
  conditions.push(...timeConditions(filter));
  if (has_error !== undefined) conditions.push(has_error ? hasError : sql`not ${hasError}`);
  if (is_root !== undefined) conditions.push(is_root ? sql`i.previous_id is null` : sql`i.previous_id is not null`);
  return conditions;
}

/** An interaction that an upstream ended with an empty list of errors has none. */
export const hasError: SQL = sql`(i.errors is not null and i.errors <> '[]')`;

function timeConditions(filter: InteractionFilter): SQL[] {
  const { created_from, created_before, updated_from, updated_before } = filter;
  const conditions: SQL[] = [];
  if (created_from !== undefined) conditions.push(sql`i.created_at >= ${created_from}`);
  if (created_before !== undefined) conditions.push(sql`i.created_at < ${created_before}`);
  if (updated_from !== undefined) conditions.push(sql`i.updated_at >= ${updated_from}`);
  if (updated_before !== undefined) conditions.push(sql`i.updated_at < ${updated_before}`);
  return conditions;
}

function bounded<T>(values: readonly T[]): readonly T[] {
  if (values.length > MOST_ITEMS) {
    throw new HubError("invalid_request", `A filter may have at most ${MOST_ITEMS} values.`);
  }
  return values;
}
