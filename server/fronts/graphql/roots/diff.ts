import { type InteractionHead, MOST_ITEMS } from "../../../../schema/archive.ts";
import { type Difference as DifferenceOf, differences, saySame } from "../../../../schema/graphql/differences.ts";
import { requestJson } from "../../../../schema/graphql/request-json.ts";
import { totalsOf } from "../../../../schema/graphql/usage-totals.ts";
import { builder } from "../builder.ts";
import type { GraphqlContext } from "../context.ts";
import { costing } from "../cost-note.ts";
import { sidesOf } from "../interaction-source.ts";
import { missing } from "../missing.ts";
import { Interaction } from "../types/interaction.ts";
import { UsageTotals } from "../types/usage.ts";

/** Two interactions that stand equally far behind the fork; one branch may be longer. */
type Pair = { place: number; left: InteractionHead | undefined; right: InteractionHead | undefined };

type Diff = { ancestor: InteractionHead | undefined; left: InteractionHead[]; right: InteractionHead[] };

const Difference = builder.objectRef<DifferenceOf>("Difference");
Difference.implement({
  description: "A member of two requests that is not the same in both.",
  fields: (t) => ({
    field: t.exposeString("field", { description: "Its path: `generation_config.temperature`." }),
    left: t.field({
      type: "JSON",
      nullable: true,
      description: "What it is on the left.",
      resolve: ({ left }) => left,
    }),
    right: t.field({
      type: "JSON",
      nullable: true,
      description: "What it is on the right.",
      resolve: ({ right }) => right,
    }),
  }),
});

const Branch = builder.objectRef<InteractionHead[]>("Branch");
Branch.implement({
  description: "What goes on from a fork to one end.",
  fields: (t) => ({
    interactions: t.field({
      type: [Interaction],
      description: "Its interactions in order; none where the end is the fork itself.",
      resolve: (branch) => branch,
    }),
    usage: t.field({
      type: UsageTotals,
      description: "What they cost together.",
      resolve: (branch) => totalsOf(branch.map(({ usage }) => usage)),
    }),
  }),
});

const BranchPair = builder.objectRef<Pair>("BranchPair");
BranchPair.implement({
  description: "The two interactions that are equally far from the fork.",
  fields: (t) => ({
    place: t.exposeInt("place", { description: "How far, from 1." }),
    left: t.field({ type: Interaction, nullable: true, description: "The left one.", resolve: ({ left }) => left }),
    right: t.field({ type: Interaction, nullable: true, description: "The right one.", resolve: ({ right }) => right }),
    sameInput: t.boolean({
      description: "Whether both were told the same.",
      extensions: costing({ own: 4 }),
      resolve: (pair, _, context) => sameSide(pair, "input", context),
    }),
    sameOutput: t.boolean({
      description: "Whether the same came of both.",
      extensions: costing({ own: 4 }),
      resolve: (pair, _, context) => sameSide(pair, "output", context),
    }),
    request: t.field({
      type: [Difference],
      description: "In what the requests differ, but for their inputs.",
      resolve: ({ left, right }) =>
        left === undefined || right === undefined ? [] : differences(asked(left), asked(right)),
    }),
  }),
});

const BranchDiff = builder.objectRef<Diff>("BranchDiff");
BranchDiff.implement({
  description: "Two branches from where they part.",
  fields: (t) => ({
    commonAncestor: t.field({
      type: Interaction,
      nullable: true,
      description: "The last interaction that both go on from, if one is stored.",
      resolve: ({ ancestor }) => ancestor,
    }),
    left: t.field({ type: Branch, description: "The branch to `left`.", resolve: ({ left }) => left }),
    right: t.field({ type: Branch, description: "The branch to `right`.", resolve: ({ right }) => right }),
    pairs: t.field({
      type: [BranchPair],
      description: "Both branches side by side.",
      resolve: ({ left, right }): Pair[] =>
        Array.from({ length: Math.max(left.length, right.length) }, (_, index) => ({
          place: index + 1,
          left: left[index],
          right: right[index],
        })),
    }),
  }),
});

builder.queryField("diff", (t) =>
  t.field({
    type: BranchDiff,
    description: `What changed between two branches, from the last interaction that both have. They are followed back for ${MOST_ITEMS} interactions.`,
    args: {
      left: t.arg.id({ required: true, description: "The end of one branch." }),
      right: t.arg.id({ required: true, description: "The end of the other one." }),
    },
    extensions: costing({ own: 10 }),
    resolve: async (_, { left, right }, { loaders }): Promise<Diff> => {
      const chains = loaders.chains(MOST_ITEMS);
      const [one = missing(left), other = missing(right)] = await Promise.all([chains.load(left), chains.load(right)]);
      const places = new Map(other.map(({ id }, place) => [id, place]));
      const fork = one.findLast(({ id }) => places.has(id));
      return {
        ancestor: fork,
        left: one.slice(one.findIndex(({ id }) => id === fork?.id) + 1),
        right: other.slice((places.get(fork?.id ?? "") ?? -1) + 1),
      };
    },
  }),
);

/** Where an interaction goes on from differs in every branch, and says nothing. */
function asked(head: InteractionHead) {
  const { previous_interaction_id: _previous, ...request } = requestJson(head);
  return request;
}

async function sameSide({ left, right }: Pair, side: "input" | "output", context: GraphqlContext): Promise<boolean> {
  if (left === undefined || right === undefined) return false;
  const [one, other] = await Promise.all([sidesOf(left, context), sidesOf(right, context)]);
  return saySame(one[side], other[side]);
}
