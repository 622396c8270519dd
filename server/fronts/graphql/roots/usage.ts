import type { UsageGroup as GroupOf, ToolGroup } from "../../../../schema/archive.ts";
import { builder } from "../builder.ts";
import { costing } from "../cost-note.ts";
import { filterOf, InteractionFilter } from "../inputs/filter.ts";
import { addTotals } from "../types/usage.ts";
import { DimensionWord, StatusWord, ToolWord } from "../types/words.ts";

const UsageGroup = builder.objectRef<GroupOf>("UsageGroup");
UsageGroup.implement({
  description:
    "What interactions cost that have these values in common. A value is null if nobody asked for it, or if these have none.",
  fields: (t) => ({
    day: t.field({
      type: "Date",
      nullable: true,
      description: "The day on which they began, in UTC.",
      resolve: ({ day }) => day,
    }),
    model: t.exposeString("model", { nullable: true, description: "The model that was asked for." }),
    agent: t.exposeString("agent", { nullable: true, description: "The agent that was asked for." }),
    provider: t.exposeString("provider", { nullable: true, description: "The upstream that ran them." }),
    status: t.field({
      type: StatusWord,
      nullable: true,
      description: "Where they stand.",
      resolve: ({ status }) => status,
    }),
    label: t.exposeString("label", { nullable: true, description: "The value of the label that was asked for." }),
  }),
});
addTotals(UsageGroup);

const ToolUse = builder.objectRef<ToolGroup>("ToolUse");
ToolUse.implement({
  description: "How often a tool was called, and how that ended.",
  fields: (t) => ({
    tool: t.field({ type: ToolWord, description: "Which tool.", resolve: ({ tool }) => tool }),
    name: t.exposeString("name", {
      description: "The name of the function or of the MCP server's tool, else of the tool.",
    }),
    calls: t.field({ type: "SafeInt", description: "How often it was called.", resolve: ({ calls }) => calls }),
    results: t.field({
      type: "SafeInt",
      description: "How often it gave something back.",
      resolve: ({ results }) => results,
    }),
    failures: t.field({
      type: "SafeInt",
      description: "How often that was an error.",
      resolve: ({ failures }) => failures,
    }),
    failureRate: t.float({
      nullable: true,
      description: "The part of the results that were errors; null if there are none.",
      resolve: ({ results, failures }) => (results === 0 ? null : failures / results),
    }),
  }),
});

builder.queryFields((t) => {
  const filter = t.arg({ type: InteractionFilter, description: "Only of interactions for which this holds." });
  return {
    usage: t.field({
      type: [UsageGroup],
      description: "What interactions cost, grouped and in the order of the groups. Without groups it is one total.",
      args: {
        groupBy: t.arg({
          type: [DimensionWord],
          defaultValue: [],
          required: true,
          description: "By what it is told apart.",
        }),
        label: t.arg.string({ description: "The key of the label for the group `label`." }),
        filter,
      },
      extensions: costing({ own: 50, items: 1 }),
      resolve: (_, { groupBy, label, filter: given }, { sources }) =>
        sources.archive.usage(filterOf(given), groupBy, label ?? undefined),
    }),
    tools: t.field({
      type: [ToolUse],
      description: "The tools that were called, those that failed most first.",
      args: { filter },
      extensions: costing({ own: 50, items: 1 }),
      resolve: (_, { filter: given }, { sources }) => sources.archive.tools(filterOf(given)),
    }),
  };
});
