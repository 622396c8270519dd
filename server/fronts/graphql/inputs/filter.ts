import type { InteractionFilter as FilterOf, InteractionOrder as OrderOf } from "../../../../schema/archive.ts";
import { builder } from "../builder.ts";
import { DirectionWord, OrderWord, StatusWord } from "../types/words.ts";

const LabelFilter = builder.inputType("LabelFilter", {
  description: "A label that must be set.",
  fields: (t) => ({
    key: t.string({ required: true, description: "Its key." }),
    value: t.string({ description: "Its value; without one, any will do." }),
  }),
});

export const InteractionFilter = builder.inputType("InteractionFilter", {
  description: "Which interactions are meant: all that is given must hold, and of a list any one value.",
  fields: (t) => ({
    ids: t.idList({ description: "These." }),
    roots: t.idList({ description: "Everything in the trees of these roots." }),
    status: t.field({ type: [StatusWord], description: "Where they stand." }),
    model: t.stringList({ description: "The models that were asked for." }),
    agent: t.stringList({ description: "The agents that were asked for." }),
    provider: t.stringList({ description: "The upstreams that ran them." }),
    labels: t.field({ type: [LabelFilter], description: "All of these labels." }),
    createdFrom: t.field({ type: "DateTime", description: "Begun then or later." }),
    createdBefore: t.field({ type: "DateTime", description: "Begun before." }),
    updatedFrom: t.field({ type: "DateTime", description: "Last changed then or later." }),
    updatedBefore: t.field({ type: "DateTime", description: "Last changed before." }),
    hasError: t.boolean({ description: "Whether they have `errors`." }),
    tool: t.stringList({
      description:
        "What was called in them: the name of a function or of an MCP server's tool, else of the tool (`google_search`).",
    }),
    text: t.string({ description: "Words that one of their steps holds, as in `search`." }),
    isRoot: t.boolean({ description: "Whether they are the first of their chains." }),
  }),
});

export const InteractionOrder = builder.inputType("InteractionOrder", {
  description: "An order of interactions.",
  fields: (t) => ({
    by: t.field({ type: OrderWord, required: true, description: "What counts." }),
    direction: t.field({ type: DirectionWord, required: true, description: "Which way." }),
  }),
});

type Input = typeof InteractionFilter.$inferInput;

/** The filter that a client has given, in the archive's words. A null holds for everything. */
export function filterOf(input: Input | null | undefined): FilterOf {
  if (input === null || input === undefined) return {};
  return present({
    ids: input.ids,
    roots: input.roots,
    status: input.status,
    model: input.model,
    agent: input.agent,
    provider: input.provider,
    labels: input.labels?.map(({ key, value }) => (value === null || value === undefined ? { key } : { key, value })),
    created_from: input.createdFrom,
    created_before: input.createdBefore,
    updated_from: input.updatedFrom,
    updated_before: input.updatedBefore,
    has_error: input.hasError,
    tool: input.tool,
    text: input.text,
    is_root: input.isRoot,
  });
}

/** The newest first, unless told otherwise. */
export function orderOf(input: OrderOf | null | undefined): OrderOf {
  return input ?? { by: "created", direction: "descending" };
}

type Present<T> = { [Name in keyof T]?: NonNullable<T[Name]> };

function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  ) as Present<T>;
}
