import type { SearchHit as HitOf } from "../../../../schema/archive.ts";
import { type SnippetFragment as FragmentOf, snippetFragments } from "../../../../schema/graphql/snippet-fragments.ts";
import { builder } from "../builder.ts";
import { costing } from "../cost-note.ts";
import { filterOf, InteractionFilter } from "../inputs/filter.ts";
import { sidesOf } from "../interaction-source.ts";
import { type Connection, connectionOf, connectionType, pageRequest } from "../types/connection.ts";
import { Interaction } from "../types/interaction.ts";
import { pageArguments } from "../types/page-arguments.ts";
import { placeStep, Step } from "../types/step.ts";
import { SideWord } from "../types/words.ts";

const SnippetFragment = builder.objectRef<FragmentOf>("SnippetFragment");
SnippetFragment.implement({
  description: "A piece of a snippet.",
  fields: (t) => ({
    text: t.exposeString("text", { description: "The text." }),
    matched: t.exposeBoolean("matched", { description: "Whether it is a match, or stands around one." }),
  }),
});

const SearchHit = builder.objectRef<HitOf>("SearchHit");
SearchHit.implement({
  description: "A step that was found.",
  fields: (t) => ({
    interaction: t.field({ type: Interaction, description: "Where it is.", resolve: ({ interaction }) => interaction }),
    side: t.field({ type: SideWord, description: "On which side of the interaction.", resolve: ({ side }) => side }),
    index: t.exposeInt("index", { description: "Its place in that side, from 0." }),
    step: t.field({
      type: Step,
      nullable: true,
      description: "The step.",
      extensions: costing({ own: 2 }),
      resolve: async ({ interaction, side, index }, _, context) => {
        const step = (await sidesOf(interaction, context))[side][index];
        return step === undefined ? null : placeStep(step, side, index);
      },
    }),
    snippet: t.string({
      description: "A part of its text around the matches.",
      args: {
        open: t.arg.string({ defaultValue: "**", required: true, description: "What stands before a match." }),
        close: t.arg.string({ defaultValue: "**", required: true, description: "What stands behind a match." }),
      },
      resolve: ({ snippet }, { open, close }) =>
        snippetFragments(snippet)
          .map(({ text, matched }) => (matched ? open + text + close : text))
          .join(""),
    }),
    fragments: t.field({
      type: [SnippetFragment],
      description: "The same part in pieces, for those who draw it themselves.",
      resolve: ({ snippet }) => snippetFragments(snippet),
    }),
    score: t.exposeFloat("score", { description: "The greater, the better. It compares only within one search." }),
  }),
});

type Found = Connection<HitOf> & { bounded: boolean };

const SearchConnection = connectionType<HitOf, Found>("Search", "A page of what was found, the best first.", SearchHit);

builder.objectField(SearchConnection, "bounded", (t) =>
  t.exposeBoolean("bounded", {
    description: "Whether more was found than is ranked: only the newest of it is in these pages.",
  }),
);

builder.queryField("search", (t) =>
  t.field({
    type: SearchConnection,
    description:
      'Steps that hold all of some words, whatever their case and accents, the best first. `"in quotes"` words must stand ' +
      "side by side, and a star behind a word lets more letters follow. Texts, summaries of thoughts, arguments and results " +
      "of tools are searched, of interactions that have ended.",
    args: {
      text: t.arg.string({ required: true, description: "The words." }),
      filter: t.arg({ type: InteractionFilter, description: "Only in interactions for which this holds." }),
      ...pageArguments(t),
    },
    extensions: costing({ own: 20, items: "page" }),
    resolve: async (_, { text, filter, ...page }, { sources }): Promise<Found> => {
      const found = await sources.archive.search({ text, filter: filterOf(filter) }, pageRequest("rank", page));
      return { ...connectionOf("rank", found), bounded: found.bounded };
    },
  }),
);
