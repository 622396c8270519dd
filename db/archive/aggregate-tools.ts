import { type SQL, sql } from "drizzle-orm";
import { type InteractionFilter, MOST_GROUPS, type ToolGroup } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";
import type { Ask } from "./ask.ts";
import { valuesOf } from "./conditions.ts";
import { nextTurn } from "./next-turn.ts";
import type { Selection, Wanted } from "./selection.ts";

/** Keys of interactions whose tools are added up before others get a turn. */
const STRETCH = 20_000;

/** Adds up how tools were called and how they ended. */
export function createToolUsage({ ask, selection }: { ask: Ask; selection: Selection }) {
  const rowsIn = (table: SQL) =>
    ask.all<ToolGroup>(sql`
      select u.tool, u.name, sum(u.calls) as calls, sum(u.results) as results, sum(u.failures) as failures
      from ${table} group by u.tool, u.name limit ${MOST_GROUPS + 1}`);

  async function* batches(wanted: Wanted) {
    if (wanted.conditions.length === 0 && wanted.match === undefined) {
      const [last] = ask.all<{ key: number | null }>(sql`select max(interaction) as key from tool_uses`);
      for (let from = 0; from <= (last?.key ?? 0); from += STRETCH) {
        yield rowsIn(sql`tool_uses u where u.interaction >= ${from} and u.interaction < ${from + STRETCH}`);
        await nextTurn();
      }
      return;
    }
    for await (const keys of selection.keys(wanted)) {
      yield rowsIn(sql`${valuesOf(keys)} v cross join tool_uses u on u.interaction = v.value`);
    }
  }

  return async (filter: InteractionFilter): Promise<ToolGroup[]> => {
    const sums = new Map<string, ToolGroup>();
    for await (const rows of batches(selection.prepare(filter))) {
      for (const { tool, name, calls, results, failures } of rows) {
        const sum = sums.get(`${tool} ${name}`) ?? { tool, name, calls: 0, results: 0, failures: 0 };
        sums.set(`${tool} ${name}`, sum);
        sum.calls += calls;
        sum.results += results;
        sum.failures += failures;
      }
      if (sums.size > MOST_GROUPS) {
        throw new HubError("invalid_request", `There are more than ${MOST_GROUPS} tools. Narrow the filter.`);
      }
    }
    return [...sums.values()].sort(
      (one, other) =>
        other.failures - one.failures ||
        other.calls - one.calls ||
        (`${one.name} ${one.tool}` < `${other.name} ${other.tool}` ? -1 : 1),
    );
  };
}
