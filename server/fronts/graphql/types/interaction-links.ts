import { MOST_ITEMS } from "../../../../schema/archive.ts";
import { builder } from "../builder.ts";
import { costing } from "../cost-note.ts";
import type { InteractionSource } from "../interaction-source.ts";
import { type Connection, connectionOf, limitOf, pageRequest } from "./connection.ts";
import { Interaction, InteractionConnection } from "./interaction.ts";
import { pageArguments } from "./page-arguments.ts";
import { UsageTotals } from "./usage.ts";

const none: Connection<InteractionSource> = connectionOf("branch", { edges: [], has_next: false, has_previous: false });

const page = costing({ own: 2, items: "page" });

builder.objectFields(Interaction, (t) => {
  const limit = t.arg.int({
    defaultValue: MOST_ITEMS,
    required: true,
    description: `At most so many, those nearest to it; ${MOST_ITEMS} at most.`,
  });
  return {
    rootId: t.exposeID("root_id", { description: "The first interaction of its chain, stored or not." }),
    previousId: t.exposeID("previous_id", {
      nullable: true,
      description: "The interaction that it goes on from, stored or not.",
    }),
    root: t.field({
      type: Interaction,
      nullable: true,
      description: "The first interaction of its chain, if it is still stored.",
      resolve: (source, _, { loaders }) => (source.root_id === source.id ? source : loaders.heads.load(source.root_id)),
    }),
    previous: t.field({
      type: Interaction,
      nullable: true,
      description: "The interaction that it goes on from, if it is still stored.",
      resolve: ({ previous_id }, _, { loaders }) =>
        previous_id === undefined ? null : loaders.heads.load(previous_id),
    }),
    next: t.field({
      type: InteractionConnection,
      description: "All that go on from it, in the order in which they began: more than one where it branches.",
      args: pageArguments(t),
      extensions: page,
      resolve: async ({ id }, args, { loaders }) => {
        const found = await loaders.children(pageRequest("branch", args)).load(id);
        return found === undefined ? none : connectionOf("branch", found);
      },
    }),
    siblings: t.field({
      type: InteractionConnection,
      description:
        "The other branches from the interaction before it. The page is one short where it would hold itself.",
      args: pageArguments(t),
      extensions: page,
      resolve: async ({ id, previous_id }, args, { loaders }) => {
        const request = pageRequest("branch", args);
        const found = previous_id === undefined ? undefined : await loaders.children(request).load(previous_id);
        if (found === undefined) return none;
        return connectionOf("branch", { ...found, edges: found.edges.filter(({ node }) => node.id !== id) });
      },
    }),
    descendants: t.field({
      type: InteractionConnection,
      description: "Everything that goes on from it, however far, in the order in which it began.",
      args: pageArguments(t),
      extensions: page,
      resolve: async ({ id }, args, { loaders }) => {
        const found = await loaders.descendants(pageRequest("branch", args)).load(id);
        return found === undefined ? none : connectionOf("branch", found);
      },
    }),
    chain: t.field({
      type: [Interaction],
      description: "From the root, or the oldest that is still stored, to this one.",
      args: { limit },
      extensions: page,
      resolve: async (source, args, { loaders }) => {
        const wanted = limitOf("limit", args.limit);
        return wanted === 0 ? [] : ((await loaders.chains(wanted).load(source.id)) ?? []);
      },
    }),
    ancestors: t.field({
      type: [Interaction],
      description: "The same without this one.",
      args: { limit },
      extensions: page,
      resolve: async ({ id }, args, { loaders }) => {
        const wanted = limitOf("limit", args.limit);
        const chain = wanted === 0 ? [] : ((await loaders.chains(Math.min(wanted + 1, MOST_ITEMS)).load(id)) ?? []);
        return chain.slice(0, -1).slice(-wanted);
      },
    }),
    chainUsage: t.field({
      type: UsageTotals,
      nullable: true,
      description: "What it cost with everything before it in its chain.",
      extensions: costing({ own: 5 }),
      resolve: ({ id }, _, { loaders }) => loaders.chainUsage.load(id),
    }),
  };
});
