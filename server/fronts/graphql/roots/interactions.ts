import { builder } from "../builder.ts";
import { costing } from "../cost-note.ts";
import { filterOf, InteractionFilter, InteractionOrder, orderOf } from "../inputs/filter.ts";
import type { InteractionSource } from "../interaction-source.ts";
import { type Connection, connectionOf, connectionType, pageRequest } from "../types/connection.ts";
import { Interaction } from "../types/interaction.ts";
import { pageArguments } from "../types/page-arguments.ts";

/** A page, and what it is a page of. */
type Listed = Connection<InteractionSource> & { count(): Promise<number> };

const InteractionList = connectionType<InteractionSource, Listed>(
  "InteractionList",
  "A page of the interactions that were asked for.",
  Interaction,
);

builder.objectField(InteractionList, "totalCount", (t) =>
  t.int({
    description: "How many there are altogether. It is counted, which takes a while where there are many.",
    extensions: costing({ own: 20 }),
    resolve: ({ count }) => count(),
  }),
);

builder.queryFields((t) => ({
  interaction: t.field({
    type: Interaction,
    nullable: true,
    description: "One interaction by its id.",
    args: { id: t.arg.id({ required: true, description: "The id, which is the one of REST." }) },
    resolve: (_, { id }, { loaders }) => loaders.heads.load(id),
  }),
  interactions: t.field({
    type: InteractionList,
    description: "Interactions, the newest first unless told otherwise.",
    args: {
      filter: t.arg({ type: InteractionFilter, description: "Only those for which this holds." }),
      order: t.arg({ type: InteractionOrder, description: "In which order." }),
      ...pageArguments(t),
    },
    extensions: costing({ own: 2, items: "page" }),
    resolve: async (_, args, { sources }): Promise<Listed> => {
      const order = orderOf(args.order);
      const filter = filterOf(args.filter);
      const page = await sources.archive.list(filter, order, pageRequest(order.by, args));
      return { ...connectionOf(order.by, page), count: () => sources.archive.count(filter) };
    },
  }),
}));
