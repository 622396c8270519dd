import { encodePageCursor } from "../../../../schema/graphql/page-cursor.ts";
import { builder } from "../builder.ts";
import { costing } from "../cost-note.ts";
import { filterOf, InteractionFilter } from "../inputs/filter.ts";
import { type ChangeRoot, changeSource } from "../live/change-source.ts";
import { eventSource } from "../live/event-source.ts";
import { stateSource } from "../live/state-source.ts";
import { LoggedEvent } from "../types/event.ts";
import { Interaction } from "../types/interaction.ts";
import { wordEnum } from "../word-enum.ts";

const ChangeKind = wordEnum<ChangeRoot["kind"]>("ChangeKind", "What became of an interaction.", {
  changed: "It began, ended, or got other labels.",
  removed: "It is gone.",
  gap: "Some that are gone are not known any more: look again at all that you keep.",
});

const InteractionChange = builder.objectRef<ChangeRoot>("InteractionChange");
InteractionChange.implement({
  description: "The latest that became of an interaction.",
  fields: (t) => ({
    cursor: t.field({
      type: "Cursor",
      description: "Go on from here with `after`.",
      resolve: ({ cursor }) => encodePageCursor("change", [cursor]),
    }),
    kind: t.field({ type: ChangeKind, description: "What it is.", resolve: ({ kind }) => kind }),
    id: t.id({
      nullable: true,
      description: "Which interaction; null for a gap.",
      resolve: ({ change }) => change?.id,
    }),
    interaction: t.field({
      type: Interaction,
      nullable: true,
      description: "The interaction as it is now; null if it is gone.",
      resolve: ({ change }) => change?.interaction,
    }),
  }),
});

builder.subscriptionFields((t) => {
  const id = t.arg.id({ required: true, description: "The interaction." });
  return {
    interactionEvents: t.field({
      type: LoggedEvent,
      description: "The log of an interaction: what was, then what comes, until it has ended.",
      args: {
        id,
        after: t.arg({
          type: "Cursor",
          description: "Only what comes behind this event: the `cursor` of one, or an `event_id` of REST.",
        }),
      },
      extensions: costing({ own: 5 }),
      subscribe: (_, args, { sources }) => eventSource(args.id, args.after, sources),
      resolve: (root) => root,
    }),
    interaction: t.field({
      type: Interaction,
      description:
        "An interaction as it grows: how it stands, then whenever it has changed, at most twenty times a second, until it has ended.",
      args: { id },
      extensions: costing({ own: 5 }),
      subscribe: (_, args, { sources }) => stateSource(args.id, sources),
      resolve: (root) => root,
    }),
    interactionChanged: t.field({
      type: InteractionChange,
      description: "The feed of all interactions: each that begins, ends, is labelled or removed. It has no end.",
      args: {
        filter: t.arg({
          type: InteractionFilter,
          description: "Only those for which this holds now. What is removed is told in any case.",
        }),
        after: t.arg({ type: "Cursor", description: "Only what comes behind this change, instead of behind now." }),
      },
      extensions: costing({ own: 5 }),
      subscribe: (_, args, { sources }) => changeSource(filterOf(args.filter), args.after, sources),
      resolve: (root) => root,
    }),
  };
});
