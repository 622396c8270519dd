import { type SQL, sql } from "drizzle-orm";
import type { InteractionFilter } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { TransferSelection } from "../../schema/transfer.ts";
import type { Ask } from "../archive/ask.ts";
import { all, conditionsOf, valuesOf } from "../archive/conditions.ts";

/** Keys of one page. */
const PAGE = 500;

/** The keys of what is selected, in their order, page by page. */
export function* selectedKeys(selection: TransferSelection, ask: Ask): Generator<number[], void, void> {
  switch (selection.kind) {
    case "everything":
      yield* walk({}, ask);
      break;
    case "matching":
      yield* walk(selection.filter, ask);
      break;
    case "chains": {
      const ids = [...new Set(selection.ids)];
      refuseUnknown(ids, ask);
      const keys = ask.all<{ key: number }>(selection.only === "ancestors" ? leadingTo(ids) : inTreesOf(ids));
      for (let from = 0; from < keys.length; from += PAGE) yield keys.slice(from, from + PAGE).map(({ key }) => key);
      break;
    }
    default:
      selection satisfies never;
  }
}

function* walk(filter: InteractionFilter, ask: Ask): Generator<number[], void, void> {
  const condition = all(conditionsOf(filter));
  for (let after = 0; ; ) {
    const keys = ask
      .all<{ key: number }>(sql`
        select i.key from interactions i not indexed where i.key > ${after} and ${condition}
        order by i.key limit ${PAGE}`)
      .map(({ key }) => key);
    const last = keys.at(-1);
    if (last === undefined) return;
    yield keys;
    after = last;
  }
}

function refuseUnknown(ids: readonly string[], ask: Ask): void {
  const [unknown] = ask.all<{ id: string }>(sql`
    select v.value as id from ${valuesOf(ids)} v
    where not exists (select 1 from interactions i where i.id = v.value) limit 1`);
  if (unknown !== undefined) throw new HubError("not_found", `Interaction '${shortened(unknown.id)}' was not found.`);
}

function inTreesOf(ids: readonly string[]): SQL {
  return sql`
    select i.key from (
      select distinct own.root_id from ${valuesOf(ids)} v cross join interactions own on own.id = v.value
    ) r cross join interactions i on i.root_id = r.root_id order by i.key`;
}

function leadingTo(ids: readonly string[]): SQL {
  return sql`
    with recursive links (key, previous_id) as (
      select i.key, i.previous_id from ${valuesOf(ids)} v cross join interactions i on i.id = v.value
      union select i.key, i.previous_id from links cross join interactions i on i.id = links.previous_id
    ) select key from links order by key`;
}
