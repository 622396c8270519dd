import { type SQL, sql } from "drizzle-orm";
import type { InteractionFilter, UsageDimension, UsageTotals } from "../../schema/archive.ts";
import type { Status } from "../../schema/core/interaction.ts";
import { MILLISECONDS_PER_DAY } from "../side-rows.ts";
import { all, isOneOf } from "./conditions.ts";

/** A group as a query gives it; it has a member for each dimension that was asked for. */
export type UsageRow = UsageTotals & {
  day?: number;
  model?: string | null;
  agent?: string | null;
  provider?: string;
  status?: Status;
  label?: string | null;
};

const columnOf = {
  total_tokens: "total_tokens",
  total_input_tokens: "input_tokens",
  total_cached_tokens: "cached_tokens",
  total_output_tokens: "output_tokens",
  total_tool_use_tokens: "tool_use_tokens",
  total_thought_tokens: "thought_tokens",
} as const satisfies Record<Exclude<keyof UsageTotals, "interactions">, string>;

/** Members of a filter that the sums by day can answer too. */
const answered: ReadonlySet<string> = new Set([
  "status",
  "model",
  "agent",
  "provider",
  "created_from",
  "created_before",
]);

/** Whether the sums by day have all that is asked for of what has ended. */
export function isSummed(filter: InteractionFilter, groups: readonly UsageDimension[]): boolean {
  const isAnswered = Object.entries(filter).every(([member, value]) => value === undefined || answered.has(member));
  const isWhole = (time = 0) => time % MILLISECONDS_PER_DAY === 0;
  return isAnswered && !groups.includes("label") && isWhole(filter.created_from) && isWhole(filter.created_before);
}

/** Groups of what has ended, from the sums by day. */
export function summedUsage(filter: InteractionFilter, groups: readonly UsageDimension[], limit: number): SQL {
  const { created_from, created_before } = filter;
  const conditions = (["status", "provider", "model", "agent"] as const).flatMap((column) => {
    const values = filter[column];
    // An absent model is kept as an empty one, which nobody can ask for.
    return values === undefined
      ? []
      : [
          isOneOf(
            sql.raw(column),
            values.filter((value) => value !== ""),
          ),
        ];
  });
  if (created_from !== undefined) conditions.push(sql`day >= ${created_from / MILLISECONDS_PER_DAY}`);
  if (created_before !== undefined) conditions.push(sql`day < ${created_before / MILLISECONDS_PER_DAY}`);
  const columns = groups.map((group) => (group === "model" || group === "agent" ? `nullif(${group}, '')` : group));
  const sums = Object.entries(columnOf).map(([name, column]) => `coalesce(sum(${column}), 0) as ${name}`);
  return sql`
    select ${listOf(groups, columns)} coalesce(sum(interactions), 0) as interactions, ${sql.raw(sums.join(", "))}
    from usage_by_day where ${all(conditions)} ${groupedBy(columns)} limit ${limit}`;
}

/** The same of interactions: of the table `from`, which names them `i`, as far as conditions hold. */
export function countedUsage(
  from: SQL,
  conditions: readonly SQL[],
  groups: readonly UsageDimension[],
  label: string,
  limit: number,
): SQL {
  const columns = groups.map((group) => {
    if (group === "day") return `i.created_at / ${MILLISECONDS_PER_DAY}`;
    return group === "label" ? "l.value" : `i.${group}`;
  });
  const sums = Object.keys(columnOf).map((name) => `coalesce(sum(i.usage ->> '$.${name}'), 0) as ${name}`);
  const labels = groups.includes("label")
    ? sql`left join labels l on l.interaction = i.key and l.key = ${label}`
    : sql``;
  return sql`
    select ${listOf(groups, columns)} count(*) as interactions, ${sql.raw(sums.join(", "))}
    from ${from} ${labels} where ${all(conditions)} ${groupedBy(columns)} limit ${limit}`;
}

function listOf(groups: readonly UsageDimension[], columns: readonly string[]): SQL {
  return sql.raw(groups.map((group, index) => `${columns[index]} as ${group}, `).join(""));
}

function groupedBy(columns: readonly string[]): SQL {
  return columns.length === 0 ? sql`` : sql.raw(`group by ${columns.join(", ")}`);
}
