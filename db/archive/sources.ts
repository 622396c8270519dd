import { type SQL, sql } from "drizzle-orm";
import type { InteractionFilter } from "../../schema/archive.ts";
import { hasError, valuesOf } from "./conditions.ts";

/** Keys of interactions, both inclusive. */
export type KeyRange = { from: number; to: number };

/**
 * An index that gives the keys of the interactions for which one condition of a filter holds; a key may come more than
 * once. One that is `isOrdered` finds those of a range without looking at others.
 */
export type Source = { keys(range?: KeyRange): SQL; isOrdered: boolean; isText: boolean };

/** The indexes that a filter can be looked up in, those first that usually have the fewest keys. `match` is of its text. */
export function sourcesOf(filter: InteractionFilter, match: string | undefined): Source[] {
  const { ids, roots, labels = [], tool, agent, has_error, model, provider, status } = filter;
  return [
    ...columnSource("id", "interactions_id", ids),
    ...columnSource("root_id", "interactions_root", roots),
    ...labels.map(labelSource),
    ...(tool === undefined ? [] : [toolSource(tool)]),
    ...(match === undefined ? [] : [textSource(match)]),
    ...columnSource("agent", "interactions_agent", agent),
    ...(has_error === true ? [errorSource] : []),
    ...columnSource("model", "interactions_model", model),
    ...columnSource("provider", "interactions_provider", provider),
    // Its index has the times of changes before the keys.
    ...columnSource("status", "interactions_status", status, false),
    ...timeSource("created_at", "interactions_created", filter.created_from, filter.created_before),
    ...timeSource("updated_at", "interactions_updated", filter.updated_from, filter.updated_before),
  ];
}

function columnSource(
  column: string,
  index: string,
  values: readonly string[] | undefined,
  isOrdered = true,
): readonly Source[] {
  if (values === undefined) return [];
  const found = sql`select i.key from ${valuesOf(values)} v cross join ${sql.raw(`interactions i indexed by ${index} on i.${column}`)} = v.value`;
  return [{ keys: (range) => sql`${found}${inRange(" where", "i.key", range)}`, isOrdered, isText: false }];
}

function labelSource({ key, value }: { key: string; value?: string }): Source {
  const withValue = value === undefined ? sql`` : sql` and value = ${value}`;
  const found = sql`select interaction as key from labels where key = ${key}${withValue}`;
  return { keys: (range) => sql`${found}${inRange(" and", "interaction", range)}`, isOrdered: true, isText: false };
}

function toolSource(names: readonly string[]): Source {
  const found = sql`select u.interaction as key from ${valuesOf(names)} v cross join tool_uses u on u.name = v.value`;
  return { keys: (range) => sql`${found}${inRange(" where", "u.interaction", range)}`, isOrdered: true, isText: false };
}

const errorSource: Source = {
  keys: (range) => {
    const found = sql`select i.key from interactions i indexed by interactions_errors where ${hasError}`;
    return sql`${found}${inRange(" and", "i.key", range)}`;
  },
  isOrdered: true,
  isText: false,
};

/** Steps have their keys in about the order of their interactions, so few others lie between those of a range. */
function textSource(match: string): Source {
  const steps = sql`cross join steps s on s.key = steps_text.rowid where steps_text match ${match}`;
  return {
    keys(range) {
      if (range === undefined) return sql`select s.interaction as key from steps_text ${steps}`;
      const ends = sql`select min(key) as low, max(key) as high from steps where true${inRange(" and", "interaction", range)}`;
      return sql`select s.interaction as key from (${ends}) w cross join steps_text ${steps}
        and steps_text.rowid between w.low and w.high${inRange(" and", "s.interaction", range)}`;
    },
    isOrdered: true,
    isText: true,
  };
}

function timeSource(column: string, index: string, from?: number, before?: number): readonly Source[] {
  if (from === undefined && before === undefined) return [];
  const [first, end] = [from ?? 0, before ?? Number.MAX_SAFE_INTEGER];
  const found = sql.raw(`select key from interactions indexed by ${index} where ${column}`);
  return [{ keys: () => sql`${found} between ${first} and ${end - 1}`, isOrdered: false, isText: false }];
}

function inRange(joint: string, column: string, range: KeyRange | undefined): SQL {
  return range === undefined ? sql`` : sql`${sql.raw(`${joint} ${column}`)} between ${range.from} and ${range.to}`;
}
