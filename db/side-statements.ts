import { and, eq, lt, lte, max, sql } from "drizzle-orm";
import type { OpenDatabase } from "./open-database.ts";
import { prepareRead, prepareWrite } from "./prepare-query.ts";
import { clockLag, interactions, labels, removals, toolUses, usageByDay } from "./tables.ts";

const of = sql.placeholder;

/** Adds what an upsert brings to what is there. */
const sum = (column: string) => sql.raw(`${column} + excluded.${column}`);

/** The queries that keep up what the archive finds interactions by, beside the rows of the interactions themselves. */
export function prepareSideStatements({ connection, drizzle: database }: OpenDatabase) {
  const write = (query: Parameters<typeof prepareWrite>[1]) => prepareWrite(connection, query);
  const counted = and(
    eq(usageByDay.day, of("day")),
    eq(usageByDay.status, of("status")),
    eq(usageByDay.provider, of("provider")),
    eq(usageByDay.model, of("model")),
    eq(usageByDay.agent, of("agent")),
  );
  return {
    insertLabel: write(
      database.insert(labels).values({ interaction: of("interaction"), key: of("key"), value: of("value") }),
    ),
    removeLabels: write(database.delete(labels).where(eq(labels.interaction, of("interaction")))),
    setSettings: write(
      database
        .update(interactions)
        .set({ settings: sql`${of("settings")}`, change: sql`${of("change")}` })
        .where(eq(interactions.key, of("key"))),
    ),
    addToolUse: write(
      database
        .insert(toolUses)
        .values({
          interaction: of("interaction"),
          tool: of("tool"),
          name: of("name"),
          calls: of("calls"),
          results: of("results"),
          failures: of("failures"),
        })
        .onConflictDoUpdate({
          target: [toolUses.interaction, toolUses.tool, toolUses.name],
          set: { calls: sum("calls"), results: sum("results"), failures: sum("failures") },
        }),
    ),
    /** The name that a call of the interaction before gave. */
    calledName: connection
      .prepare<[string, string], string | null>(
        `select steps.body ->> '$.name' from interactions join steps on steps.interaction = interactions.key
          where interactions.id = ? and steps.type = 'tool_call' and steps.call_id = ? and steps.body ->> '$.name' <> ''
          order by steps.key limit 1`,
      )
      .pluck(),
    addUsage: write(
      database
        .insert(usageByDay)
        .values({
          day: of("day"),
          status: of("status"),
          provider: of("provider"),
          model: of("model"),
          agent: of("agent"),
          interactions: of("interactions"),
          totalTokens: of("total_tokens"),
          inputTokens: of("total_input_tokens"),
          cachedTokens: of("total_cached_tokens"),
          outputTokens: of("total_output_tokens"),
          toolUseTokens: of("total_tool_use_tokens"),
          thoughtTokens: of("total_thought_tokens"),
        })
        .onConflictDoUpdate({
          target: [usageByDay.day, usageByDay.status, usageByDay.provider, usageByDay.model, usageByDay.agent],
          set: {
            interactions: sum("interactions"),
            totalTokens: sum("total_tokens"),
            inputTokens: sum("input_tokens"),
            cachedTokens: sum("cached_tokens"),
            outputTokens: sum("output_tokens"),
            toolUseTokens: sum("tool_use_tokens"),
            thoughtTokens: sum("thought_tokens"),
          },
        }),
    ),
    forgetEmptyUsage: write(database.delete(usageByDay).where(and(counted, eq(usageByDay.interactions, 0)))),
    insertRemoval: write(database.insert(removals).values({ change: of("change"), id: of("id") })),
    pruneRemovals: write(database.delete(removals).where(lte(removals.change, of("change")))),
    removalBefore: connection
      .prepare<[number], number>("select change from removals order by change desc limit 1 offset ?")
      .pluck(),
    raiseLag: write(
      database
        .update(clockLag)
        .set({ lag: sql`${of("lag")}` })
        .where(lt(clockLag.lag, of("lag"))),
    ),
    latestCreation: prepareRead<{ latest: number | null }>(
      connection,
      database.select({ latest: max(interactions.createdAt).as("latest") }).from(interactions),
    ),
    latestChange: connection
      .prepare<[], number>(
        "select max(coalesce((select max(change) from interactions), 0), coalesce((select max(change) from removals), 0))",
      )
      .pluck(),
  };
}
