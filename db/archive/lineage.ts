import { type SQL, sql } from "drizzle-orm";
import type { InteractionHead, Page, PageRequest, UsageTotals } from "../../schema/archive.ts";
import { addedCounts, noCounts, usageCounts } from "../usage-counts.ts";
import type { Ask } from "./ask.ts";
import { valuesOf } from "./conditions.ts";
import type { ReadHeads } from "./read-heads.ts";
import { boundedLimit, checkedKey } from "./sorted-page.ts";

type Lineage = {
  /** What goes on from each at once (`children`), or however far. */
  following(
    kind: "children" | "descendants",
    ids: readonly string[],
    page: PageRequest,
  ): Map<string, Page<InteractionHead>>;
  chains(ids: readonly string[], limit: number): Map<string, InteractionHead[]>;
  chainUsage(ids: readonly string[]): Map<string, UsageTotals>;
};

/** What goes on from `v.value`, with the lowest key first: whatever goes on from something has a higher key than that. */
const followers = {
  children: sql`with below (key) as (select key from interactions where previous_id = v.value order by key)`,
  descendants: sql`with recursive below (key, id) as (
    select key, id from interactions where previous_id = v.value
    union all select i.key, i.id from below cross join interactions i on i.previous_id = below.id order by 1)`,
};

/** Reads along the links, for many interactions with the same few statements. */
export function createLineage({ ask, heads }: { ask: Ask; heads: ReadHeads }): Lineage {
  /** Keys of those before each of some ids, which comes first itself. `limit` is the most of each. */
  function linksOf(ids: readonly string[], limit: number): Map<string, number[]> {
    const rows = ask.all<{ place: number; key: number }>(sql`
      with recursive links (place, key, previous_id, depth) as (
        select v.key, i.key, i.previous_id, 1 from ${valuesOf(ids)} v cross join interactions i on i.id = v.value
        union all
        select links.place, i.key, i.previous_id, links.depth + 1
        from links cross join interactions i on i.id = links.previous_id where links.depth < ${limit}
      ) select place, key from links order by place, depth`);
    const links = new Map<string, number[]>();
    for (const { place, key } of rows) {
      const id = ids[place] ?? "";
      const known = links.get(id);
      if (known === undefined) links.set(id, [key]);
      else known.push(key);
    }
    return links;
  }

  return {
    chains(ids, limit) {
      const links = linksOf([...new Set(ids)], boundedLimit(limit));
      const byKey = heads.byKeys([...new Set([...links.values()].flat())]);
      return new Map([...links].map(([id, keys]) => [id, present(keys.reverse(), byKey)]));
    },

    chainUsage(ids) {
      const links = linksOf([...new Set(ids)], Number.MAX_SAFE_INTEGER);
      const rows = ask.all<{ key: number; usage: string | null }>(sql`
        select i.key, i.usage from ${valuesOf([...new Set([...links.values()].flat())])} v
        cross join interactions i on i.key = v.value`);
      const counts = new Map(
        rows.map(({ key, usage }) => [key, usageCounts(usage === null ? undefined : JSON.parse(usage))]),
      );
      const sumOf = (keys: number[]) =>
        keys.reduce((sum, key) => addedCounts(sum, counts.get(key) ?? noCounts), noCounts);
      return new Map([...links].map(([id, keys]) => [id, sumOf(keys)]));
    },

    following(kind, ids, { limit, after, before, backward = false }) {
      for (const key of [after, before]) if (key !== undefined) checkedKey(key, 1);
      const [start, end] = [after?.[0] ?? 0, before?.[0] ?? Number.MAX_SAFE_INTEGER];
      const size = boundedLimit(limit);
      const below = followers[kind];
      const isAny = (condition: SQL) => sql`exists (${below} select 1 from below where ${condition})`;
      // Lists rather than rows, so that each has its own limit, and those that are read first need not read the rest.
      const rows = ask.all<{ id: string; keys: string; is_less: 0 | 1; is_more: 0 | 1 }>(sql`
        select v.value as id, (${below} select json_group_array(key order by key) from (
            select key from below where key > ${start} and key < ${end} ${backward ? sql`order by key desc` : sql``} limit ${size + 1}
          )) as keys,
          ${after === undefined ? sql`0` : isAny(sql`key <= ${start}`)} as is_less,
          ${before === undefined ? sql`0` : isAny(sql`key >= ${end}`)} as is_more
        from ${valuesOf([...new Set(ids)])} v`);
      const lists = rows.map(({ id, keys, is_less, is_more }) => {
        const found: number[] = JSON.parse(keys);
        const isCut = found.length > size;
        const kept = isCut ? (backward ? found.slice(1) : found.slice(0, size)) : found;
        return {
          id,
          kept,
          has_previous: is_less === 1 || (backward && isCut),
          has_next: is_more === 1 || (!backward && isCut),
        };
      });
      const byKey = heads.byKeys(lists.flatMap(({ kept }) => kept));
      return new Map(
        lists.map(({ id, kept, ...around }) => {
          const edges = present(kept, byKey).map((node, index) => ({ key: [kept[index] ?? 0], node }));
          return [id, { edges, ...around }];
        }),
      );
    },
  };
}

function present(keys: readonly number[], heads: ReadonlyMap<number, InteractionHead>): InteractionHead[] {
  return keys.flatMap((key) => heads.get(key) ?? []);
}
