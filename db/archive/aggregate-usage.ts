import { sql } from "drizzle-orm";
import { type InteractionFilter, MOST_GROUPS, type UsageDimension, type UsageGroup } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";
import { MILLISECONDS_PER_DAY } from "../side-rows.ts";
import { addedCounts } from "../usage-counts.ts";
import type { Ask } from "./ask.ts";
import { valuesOf } from "./conditions.ts";
import type { Selection, Wanted } from "./selection.ts";
import { countedUsage, isSummed, summedUsage, type UsageRow } from "./usage-rows.ts";

export type AggregateUsage = (
  filter: InteractionFilter,
  groups: readonly UsageDimension[],
  label?: string,
) => Promise<UsageGroup[]>;

/** Adds up usage: from the sums by day where they have all that is asked for, else from the interactions themselves. */
export function createUsage({ ask, selection }: { ask: Ask; selection: Selection }): AggregateUsage {
  async function* rowsOf(wanted: Wanted, groups: readonly UsageDimension[], label: string) {
    const limit = MOST_GROUPS + 1;
    if (isSummed(wanted.filter, groups)) {
      const running = sql`interactions i indexed by interactions_status`;
      const conditions = [sql`i.status = 'in_progress'`, ...wanted.conditions];
      yield ask.all<UsageRow>(summedUsage(wanted.filter, groups, limit));
      yield ask.all<UsageRow>(countedUsage(running, conditions, groups, label, limit));
      return;
    }
    for await (const keys of selection.keys(wanted)) {
      const some = sql`${valuesOf(keys)} v cross join interactions i on i.key = v.value`;
      yield ask.all<UsageRow>(countedUsage(some, [], groups, label, limit));
    }
  }

  return async (filter, dimensions, label) => {
    const groups = [...new Set(dimensions)];
    if (groups.includes("label") && label === undefined) {
      throw new HubError("invalid_request", "To group by a label, its key is needed.");
    }
    const sums = new Map<string, UsageRow>();
    for await (const rows of rowsOf(selection.prepare(filter), groups, label ?? "")) {
      for (const row of rows) {
        const group = JSON.stringify(groups.map((dimension) => row[dimension]));
        const known = sums.get(group);
        sums.set(group, known === undefined ? row : { ...known, ...addedCounts(known, row) });
      }
      if (sums.size > MOST_GROUPS) {
        throw new HubError("invalid_request", `There are more than ${MOST_GROUPS} groups. Narrow the filter.`);
      }
    }
    const found = [...sums.values()].sort((one, other) => compare(one, other, groups));
    return found.map((row) => groupOf(row, groups));
  };
}

function groupOf(
  { day, model, agent, provider, status, label, ...counts }: UsageRow,
  groups: readonly UsageDimension[],
) {
  const group: UsageGroup = counts;
  for (const dimension of groups) {
    switch (dimension) {
      case "day":
        if (day !== undefined) group.day = new Date(day * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
        break;
      case "status":
        if (status !== undefined) group.status = status;
        break;
      case "provider":
        if (provider !== undefined) group.provider = provider;
        break;
      case "model":
        if (model) group.model = model;
        break;
      case "agent":
        if (agent) group.agent = agent;
        break;
      case "label":
        if (label !== null && label !== undefined) group.label = label;
        break;
      default:
        dimension satisfies never;
    }
  }
  return group;
}

/** Groups that lack a value come last. */
function compare(one: UsageRow, other: UsageRow, groups: readonly UsageDimension[]): number {
  for (const group of groups) {
    const [a, b] = [one[group] ?? undefined, other[group] ?? undefined];
    if (a === b) continue;
    if (a === undefined) return 1;
    if (b === undefined) return -1;
    return a < b ? -1 : 1;
  }
  return 0;
}
