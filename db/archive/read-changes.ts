import { sql } from "drizzle-orm";
import type { Change, ChangePage, InteractionFilter } from "../../schema/archive.ts";
import { REMEMBERED_REMOVALS } from "../side-rows.ts";
import type { Ask } from "./ask.ts";
import { nextTurn } from "./next-turn.ts";
import type { ReadHeads } from "./read-heads.ts";
import type { Selection } from "./selection.ts";
import { boundedLimit } from "./sorted-page.ts";

/** Changes that are looked at together, and the most that are looked at for one page. */
const STRETCH = 1000;
const MOST_LOOKED_AT = 20_000;

/** A change of an interaction, which is stored under `key` or is gone and had `id`. */
type ChangeRow = { change: number; key: number | null; id: string | null };

/** Reads what has changed, in the order of the changes. */
export function createReadChanges(parts: { ask: Ask; heads: ReadHeads; selection: Selection }) {
  const { ask, heads, selection } = parts;

  function changesAfter(cursor: number, limit: number): ChangeRow[] {
    // Each has its own limit, so that neither reads more than the page can hold.
    return ask.all<ChangeRow>(sql`
      select * from (select change, key, null as id from interactions where change > ${cursor} order by change limit ${limit})
      union all
      select * from (select change, null, id from removals where change > ${cursor} order by change limit ${limit})
      order by change limit ${limit}`);
  }

  /** Whether something may have been removed after a cursor that is not remembered any more. */
  function isPartlyForgotten(cursor: number): boolean {
    const [first] = ask.all<{ change: number | null }>(sql`select min(change) as change from removals`);
    if (cursor === 0 || cursor >= (first?.change ?? 0)) return false;
    // Nothing is forgotten before so many are remembered.
    return ask.all(sql`select 1 from removals limit 1 offset ${REMEMBERED_REMOVALS - 1}`).length > 0;
  }

  async function since(after: number, filter: InteractionFilter, limit: number): Promise<ChangePage> {
    const wanted = selection.prepare(filter);
    const size = Math.max(boundedLimit(limit), 1);
    const missed_removals = isPartlyForgotten(after);
    const changes: Change[] = [];
    let cursor = after;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += STRETCH) {
      const rows = changesAfter(cursor, STRETCH);
      const keys = rows.flatMap(({ key }) => (key === null ? [] : [key]));
      const passing = new Set((await selection.passing(keys, wanted)).map(({ key }) => key));
      const room = size - changes.length;
      const picked = rows.filter(({ key }) => key === null || passing.has(key)).slice(0, room);
      const byKey = heads.byKeys(picked.flatMap(({ key }) => key ?? []));
      for (const { change, key, id } of picked) {
        const interaction = key === null ? undefined : byKey.get(key);
        if (interaction !== undefined) changes.push({ cursor: change, id: interaction.id, interaction });
        else if (id !== null) changes.push({ cursor: change, id });
      }
      const isFull = picked.length === room;
      const last = (isFull ? picked : rows).at(-1)?.change;
      cursor = last ?? cursor;
      if (isFull || rows.length < STRETCH) {
        const has_more = rows.length === STRETCH || rows.at(-1)?.change !== last;
        return { changes, cursor, has_more: rows.length > 0 && has_more, missed_removals };
      }
      await nextTurn();
    }
    return { changes, cursor, has_more: true, missed_removals };
  }

  function latest(): number {
    const [newest] = ask.all<{ change: number }>(sql`
      select max(coalesce((select max(change) from interactions), 0), coalesce((select max(change) from removals), 0)) as change`);
    return newest?.change ?? 0;
  }

  return { since, latest };
}
