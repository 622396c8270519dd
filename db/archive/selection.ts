import { type SQL, sql } from "drizzle-orm";
import type { InteractionFilter, InteractionOrder } from "../../schema/archive.ts";
import type { Ask } from "./ask.ts";
import { all, conditionsOf, valuesOf } from "./conditions.ts";
import type { Matches } from "./matches.ts";
import { nextTurn } from "./next-turn.ts";
import type { Sizes } from "./sizes.ts";
import { type KeyRange, type Source, sourcesOf } from "./sources.ts";
import type { TextMatch } from "./text-queries.ts";

/** Where an interaction stands in both orders. */
export type Place = { key: number; updated_at: number };

/** A filter made ready: its conditions, and what its text asks of the index (`null` if that can match nothing). */
export type Wanted = { filter: InteractionFilter; conditions: readonly SQL[]; match: TextMatch | null | undefined };

/** Where to begin, and which way to go from there. The beginning itself is left out unless `isIncluded`. */
export type Walk = InteractionOrder & { from?: Place; isIncluded?: boolean };

/**
 * Interactions for which a filter holds. Where one of its conditions holds for few, those are read and sorted. Otherwise
 * the order is walked, in stretches, from where it is asked for, through the best index that has the keys in order; the
 * others get a turn between two stretches, because a filter that hardly anything passes has all of them looked at.
 */
export type Selection = {
  prepare(filter: InteractionFilter): Wanted;
  /** Those of some interactions for which all of the filter holds, in no order. */
  passing(keys: readonly number[], wanted: Wanted): Promise<Place[]>;
  /** All of them, by their keys, if one condition of the filter leaves at most so many; by default those that are few. */
  few(wanted: Wanted, most?: number): Promise<Place[] | undefined>;
  /** In the order of the walk, piece by piece; pieces may be empty. */
  walk(wanted: Wanted, walk: Walk): AsyncGenerator<Place[], void, void>;
  /** The keys of all of them, in their order, piece by piece. */
  keys(wanted: Wanted): AsyncGenerator<number[], void, void>;
  /** The keys that the times of creation leave. */
  range(wanted: Wanted): KeyRange;
};

export function createSelection(
  { ask, matches, sizes }: { ask: Ask; matches: Matches; sizes: Sizes },
  compile: (text: string) => TextMatch | undefined,
): Selection {
  async function passing(keys: readonly number[], { conditions, match }: Wanted): Promise<Place[]> {
    const passed = ask.all<Place>(sql`
      select i.key, i.updated_at from ${valuesOf(keys)} v cross join interactions i on i.key = v.value
      where ${all(conditions)}`);
    if (match === undefined || passed.length === 0) return passed;
    if (match === null) return [];
    const passedKeys = passed.map(({ key }) => key);
    const matching = await matches.interactions(match, passedKeys);
    return passed.filter(({ key }) => matching.has(key));
  }

  async function few(wanted: Wanted, most = sizes.few): Promise<Place[] | undefined> {
    if (wanted.match === null) return [];
    let fewest: { keys: number[]; isText: boolean } | undefined;
    for (const source of sourcesOf(wanted.filter, wanted.match?.expression)) {
      if (fewest !== undefined && fewest.keys.length <= sizes.firstStretch) break;
      const limit = fewest?.keys.length ?? most + 1;
      const keys = ask.all<{ key: number }>(sql`${source.keys()} limit ${limit}`).map(({ key }) => key);
      if (keys.length < limit) fewest = { keys, isText: source.isText };
    }
    if (fewest === undefined) return undefined;
    const keys = [...new Set(fewest.keys)];
    const asked = fewest.isText ? { ...wanted, match: undefined } : wanted;
    const passed: Place[] = [];
    for (let start = 0; start < keys.length; start += sizes.longestStretch) {
      if (start > 0) await nextTurn();
      passed.push(...(await passing(keys.slice(start, start + sizes.longestStretch), asked)));
    }
    return passed.sort((one, other) => one.key - other.key);
  }

  /** The index in the order of the keys that has the fewest where the walk begins. */
  function sparsest({ filter, match }: Wanted, sample: KeyRange): Source | undefined {
    const sources = sourcesOf(filter, match?.expression).filter(({ isOrdered }) => isOrdered);
    if (sources.length < 2) return sources[0];
    const countOf = (source: Source) =>
      ask.all<{ count: number }>(sql`select count(*) as count from (${source.keys(sample)})`)[0]?.count ?? 0;
    const counted = sources.map((source) => ({ source, count: countOf(source) }));
    return counted.sort((one, other) => one.count - other.count)[0]?.source;
  }

  /** By their keys, through an index where there is one. */
  async function* walkKeys(wanted: Wanted, range: KeyRange, ascending: boolean) {
    const direction = sql.raw(ascending ? "asc" : "desc");
    const stretchOf = (from: number, to: number, length: number): KeyRange =>
      ascending ? { from, to: Math.min(to, from + length - 1) } : { from: Math.max(from, to - length + 1), to };
    const source = sparsest(wanted, stretchOf(range.from, range.to, sizes.longestStretch));
    let { from, to } = range;
    for (let length = sizes.firstStretch; from <= to; length = Math.min(length * 2, sizes.longestStretch)) {
      const stretch = stretchOf(from, to, length);
      const table =
        source === undefined
          ? sql`interactions i not indexed where i.key between ${stretch.from} and ${stretch.to} and`
          : sql`(select distinct key from (${source.keys(stretch)})) k cross join interactions i on i.key = k.key where`;
      yield ask.all<Place>(sql`
        select i.key, i.updated_at from ${table} ${all(wanted.conditions)} order by i.key ${direction}`);
      if (ascending) from = stretch.to + 1;
      else to = stretch.from - 1;
      await nextTurn();
    }
  }

  /** By the times of their last changes. */
  async function* walkUpdates(wanted: Wanted, start: Place, isIncluded: boolean, ascending: boolean) {
    const { updated_from = Number.MIN_SAFE_INTEGER, updated_before = Number.MAX_SAFE_INTEGER } = wanted.filter;
    const direction = sql.raw(ascending ? "asc" : "desc");
    const isPlain = wanted.conditions.length === 0 && wanted.match === undefined;
    let comparison = sql.raw(`${ascending ? ">" : "<"}${isIncluded ? "=" : ""}`);
    let place: Place | undefined = start;
    for (let length = sizes.firstStretch; place !== undefined; length = Math.min(length * 2, sizes.longestStretch)) {
      const stretch: Place[] = ask.all<Place>(sql`
        select key, updated_at from interactions indexed by interactions_updated
        where (updated_at, key) ${comparison} (${place.updated_at}, ${place.key})
        order by updated_at ${direction}, key ${direction} limit ${length}`);
      if (isPlain) yield stretch;
      else {
        const keys = stretch.map(({ key }) => key);
        const passed = new Set((await passing(keys, wanted)).map(({ key }) => key));
        yield stretch.filter(({ key }) => passed.has(key));
      }
      const last: Place | undefined = stretch.length < length ? undefined : stretch.at(-1);
      const isOver =
        last === undefined || (ascending ? last.updated_at >= updated_before : last.updated_at < updated_from);
      place = isOver ? undefined : last;
      comparison = sql.raw(ascending ? ">" : "<");
      await nextTurn();
    }
  }

  /** All keys that the times of creation leave. Keys ascend with those times, but for the clock's steps back. */
  function rangeOf({ created_from, created_before }: InteractionFilter): KeyRange {
    const lag = ask.all<{ lag: number }>(sql`select lag from clock_lag`)[0]?.lag ?? 0;
    const from =
      created_from === undefined
        ? undefined
        : ask.all<{ key: number }>(sql`
            select key from interactions indexed by interactions_created
            where created_at < ${created_from - lag} order by created_at desc, key desc limit 1`)[0]?.key;
    const to =
      created_before === undefined
        ? undefined
        : ask.all<{ key: number }>(sql`
            select key from interactions indexed by interactions_created
            where created_at >= ${created_before + lag} order by created_at, key limit 1`)[0]?.key;
    const last = ask.all<{ key: number | null }>(sql`select max(key) as key from interactions`)[0]?.key ?? 0;
    return { from: (from ?? 0) + 1, to: to === undefined ? last : to - 1 };
  }

  async function* walk(wanted: Wanted, { by, direction, from, isIncluded = false }: Walk) {
    if (wanted.match === null) return;
    const ascending = direction === "ascending";
    if (by === "created") {
      const range = rangeOf(wanted.filter);
      const step = isIncluded ? 0 : 1;
      if (from !== undefined && ascending) range.from = Math.max(range.from, from.key + step);
      if (from !== undefined && !ascending) range.to = Math.min(range.to, from.key - step);
      yield* walkKeys(wanted, range, ascending);
      return;
    }
    const { updated_from = Number.MIN_SAFE_INTEGER, updated_before = Number.MAX_SAFE_INTEGER } = wanted.filter;
    const outermost = ascending ? { updated_at: updated_from, key: 0 } : { updated_at: updated_before, key: 0 };
    yield* walkUpdates(wanted, from ?? outermost, from === undefined || isIncluded, ascending);
  }

  return {
    prepare(filter) {
      const match = filter.text === undefined ? undefined : (compile(filter.text) ?? null);
      return { filter, conditions: conditionsOf(filter), match };
    },
    passing,
    few,
    walk,
    range: ({ filter }) => rangeOf(filter),
    async *keys(wanted) {
      const found = await few(wanted);
      if (found !== undefined) yield found.map(({ key }) => key);
      else
        for await (const places of walk(wanted, { by: "created", direction: "ascending" }))
          yield places.map(({ key }) => key);
    },
  };
}
