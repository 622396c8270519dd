import type { JsonValue } from "../../../../schema/core/json.ts";
import type { GenerationConfig as ConfigOf } from "../../../../schema/core/settings.ts";
import { requestJson } from "../../../../schema/graphql/request-json.ts";
import { generationConfig } from "../../../../schema/graphql/shapes.ts";
import { builder } from "../builder.ts";
import { costing } from "../cost-note.ts";
import { type InteractionSource, placed, placedSteps, sidesOf } from "../interaction-source.ts";
import { shapeType } from "../shape-fields.ts";
import { connectionType } from "./connection.ts";
import { Degradation, Failure } from "./failure.ts";
import { Label, labelsOf } from "./label.ts";
import { Node } from "./node.ts";
import { Step } from "./step.ts";
import { shownTools, Tool } from "./tool.ts";
import { lastText, Turn, turnsOf } from "./turn.ts";
import { Usage } from "./usage.ts";
import { RevisionWord, SideWord, StatusWord } from "./words.ts";

const GenerationConfig = shapeType<ConfigOf>(generationConfig);

export const Interaction = builder.objectRef<InteractionSource>("Interaction");

export const InteractionConnection = connectionType("Interaction", "A page of interactions.", Interaction);

/** What one read of an interaction's steps costs. */
const reading = costing({ own: 2, items: 5 });

Interaction.implement({
  description: "One request and what came of it. The steps that it goes on from are those of `ancestors`.",
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID("id", { description: "The id by which REST knows it too." }),
    status: t.field({ type: StatusWord, description: "Where it stands.", resolve: ({ status }) => status }),
    model: t.exposeString("model", { nullable: true, description: "The model that was asked for." }),
    agent: t.exposeString("agent", { nullable: true, description: "The agent that was asked for." }),
    provider: t.exposeString("provider", { description: "The upstream that ran it." }),
    upstreamModel: t.exposeString("upstream_model", {
      nullable: true,
      description: "The upstream's own name of the model or agent, where another one was asked for.",
    }),
    upstreamId: t.exposeString("upstream_id", {
      nullable: true,
      description: "The id under which the upstream keeps it, if it does.",
    }),
    revision: t.field({
      type: RevisionWord,
      description: "The generation of the wire in which it was asked for.",
      resolve: ({ revision }) => revision,
    }),
    background: t.exposeBoolean("background", { description: "Whether it runs without anybody waiting." }),
    createdAt: t.field({ type: "DateTime", description: "When it began.", resolve: (source) => source.created_at }),
    updatedAt: t.field({
      type: "DateTime",
      description: "When it was last changed; while it runs, in lists, when it began.",
      resolve: (source) => source.updated_at,
    }),
    labels: t.field({
      type: [Label],
      description: "Its labels, as they were set last.",
      resolve: ({ settings }) => labelsOf(settings),
    }),
    systemInstruction: t.string({
      nullable: true,
      description: "What the model was told to be.",
      resolve: ({ settings }) => settings.system_instruction,
    }),
    tools: t.field({
      type: [Tool],
      description: "What the model could use, without secrets.",
      resolve: ({ settings }) => shownTools(settings),
    }),
    generationConfig: t.field({
      type: GenerationConfig,
      nullable: true,
      description: "How the model was to generate.",
      resolve: ({ settings }) => settings.generation_config,
    }),
    responseFormat: t.field({
      type: "JSON",
      nullable: true,
      description: "What the answer had to be, as REST says it in a list.",
      resolve: ({ settings }) => settings.response_format as JsonValue | undefined,
    }),
    request: t.field({
      type: "JSON",
      description: "What was asked for, but for the input: in the words of REST's create, without secrets.",
      resolve: requestJson,
    }),
    usage: t.field({ type: Usage, nullable: true, description: "What it cost.", resolve: ({ usage }) => usage }),
    errors: t.field({
      type: [Failure],
      description: "Why it did not complete.",
      resolve: ({ errors }) => errors ?? [],
    }),
    degraded: t.field({
      type: [Degradation],
      description: "What the upstream could not be given as it was asked.",
      resolve: ({ degraded }) => degraded ?? [],
    }),
    steps: t.field({
      type: [Step],
      description: "What was said and what came of it, in order; of what runs, as far as it has come.",
      args: { side: t.arg({ type: SideWord, description: "Only this side." }) },
      extensions: reading,
      resolve: async (source, { side }, context) => {
        const sides = await sidesOf(source, context);
        return side === undefined || side === null ? placedSteps(sides) : placed(side, sides[side]);
      },
    }),
    turns: t.field({
      type: [Turn],
      description: "The same steps by whose turn it was.",
      extensions: reading,
      resolve: async (source, _, context) => turnsOf(placedSteps(await sidesOf(source, context))),
    }),
    outputText: t.string({
      description: "The text that the model said last: what follows its last call of a tool.",
      extensions: reading,
      resolve: async (source, _, context) => lastText((await sidesOf(source, context)).output),
    }),
  }),
});
