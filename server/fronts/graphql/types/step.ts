import type {
  ModelOutput as ModelOutputOf,
  ToolOutcome as OutcomeOf,
  Signature as SignatureOf,
  Step as StepOf,
  Thought as ThoughtOf,
  ToolCall as ToolCallOf,
  ToolResult as ToolResultOf,
  UserInput as UserInputOf,
} from "../../../../schema/core/step.ts";
import { builder } from "../builder.ts";
import { Content, textOfContents } from "./content.ts";
import { SideWord, ToolWord } from "./words.ts";

type Side = "input" | "output";

/** A step, and where it stands in its interaction. */
export type Placed<Kind extends StepOf = StepOf> = Kind extends StepOf
  ? { step: Kind; side: Side; index: number }
  : never;

/** A step with its place. */
export function placeStep(step: StepOf, side: Side, index: number): Placed {
  return { step, side, index } as Placed;
}

const extra = "Members that the hub does not know, as they came.";
const raw = "The whole step as it came, if the hub does not know the tool.";
const signature = "The token by which the upstream recognises its own.";

export const Signature = builder.objectRef<SignatureOf>("Signature");
Signature.implement({
  description: "An opaque token by which an upstream recognises what it has said itself.",
  fields: (t) => ({
    value: t.exposeString("value", { description: "The token." }),
    provider: t.exposeString("provider", {
      nullable: true,
      description: "The upstream that made it, where that is known.",
    }),
  }),
});

export const ToolOutcome = builder.objectRef<OutcomeOf>("ToolOutcome");
ToolOutcome.implement({
  description: "What a tool gave back: exactly one of the fields is there.",
  fields: (t) => ({
    text: t.string({
      nullable: true,
      description: "A text.",
      resolve: (outcome) => (outcome.type === "text" ? outcome.text : null),
    }),
    json: t.field({
      type: "JSON",
      nullable: true,
      description: "A value of JSON.",
      resolve: (outcome) => (outcome.type === "json" ? outcome.json : null),
    }),
    content: t.field({
      type: [Content],
      nullable: true,
      description: "Text and media.",
      resolve: (outcome) => (outcome.type === "content" ? outcome.content : null),
    }),
  }),
});

const StepPlace = builder.interfaceRef<Placed>("StepPlace");
StepPlace.implement({
  description: "Where a step stands.",
  fields: (t) => ({
    side: t.field({ type: SideWord, description: "On which side of its interaction.", resolve: ({ side }) => side }),
    index: t.exposeInt("index", { description: "The place in that side, from 0." }),
  }),
});

const UserInput = builder.objectRef<Placed<UserInputOf>>("UserInput");
UserInput.implement({
  description: "What the user said.",
  interfaces: [StepPlace],
  fields: (t) => ({
    text: t.string({ description: "All of its text.", resolve: ({ step }) => textOfContents(step.content) }),
    content: t.field({ type: [Content], description: "Text and media.", resolve: ({ step }) => step.content }),
    extra: t.field({ type: "JSON", nullable: true, description: extra, resolve: ({ step }) => step.extra }),
  }),
});

const ModelOutput = builder.objectRef<Placed<ModelOutputOf>>("ModelOutput");
ModelOutput.implement({
  description: "What the model said.",
  interfaces: [StepPlace],
  fields: (t) => ({
    text: t.string({ description: "All of its text.", resolve: ({ step }) => textOfContents(step.content) }),
    content: t.field({ type: [Content], description: "Text and media.", resolve: ({ step }) => step.content }),
    error: t.field({
      type: "JSON",
      nullable: true,
      description: "Why it broke off, with a numeric code of google.rpc.Code.",
      resolve: ({ step }) => step.error,
    }),
    extra: t.field({ type: "JSON", nullable: true, description: extra, resolve: ({ step }) => step.extra }),
  }),
});

const Thought = builder.objectRef<Placed<ThoughtOf>>("Thought");
Thought.implement({
  description: "What the model thought.",
  interfaces: [StepPlace],
  fields: (t) => ({
    text: t.string({
      description: "All of the summary's text.",
      resolve: ({ step }) => textOfContents(step.summary ?? []),
    }),
    summary: t.field({
      type: [Content],
      description: "What is told of it, where summaries were asked for.",
      resolve: ({ step }) => step.summary ?? [],
    }),
    signature: t.field({
      type: Signature,
      nullable: true,
      description: signature,
      resolve: ({ step }) => step.signature,
    }),
    extra: t.field({ type: "JSON", nullable: true, description: extra, resolve: ({ step }) => step.extra }),
  }),
});

const ToolStep = builder.interfaceRef<Placed<ToolCallOf | ToolResultOf>>("ToolStep");
ToolStep.implement({
  description: "What a tool was asked, or what it gave back.",
  interfaces: [StepPlace],
  fields: (t) => ({
    side: t.field({ type: SideWord, description: "On which side of its interaction.", resolve: ({ side }) => side }),
    index: t.exposeInt("index", { description: "The place in that side, from 0." }),
    tool: t.field({ type: ToolWord, description: "Which tool.", resolve: ({ step }) => step.tool }),
    callId: t.string({
      description: "What a call and its result have in common. Empty where the upstream gave none.",
      resolve: ({ step }) => step.call_id,
    }),
    name: t.string({
      nullable: true,
      description: "The name of the function, or of the MCP server's tool.",
      resolve: ({ step }) => step.name,
    }),
    serverName: t.string({
      nullable: true,
      description: "The name of the MCP server.",
      resolve: ({ step }) => step.server_name,
    }),
    signature: t.field({
      type: Signature,
      nullable: true,
      description: signature,
      resolve: ({ step }) => step.signature,
    }),
    raw: t.field({ type: "JSON", nullable: true, description: raw, resolve: ({ step }) => step.raw }),
    extra: t.field({ type: "JSON", nullable: true, description: extra, resolve: ({ step }) => step.extra }),
  }),
});

const ToolCall = builder.objectRef<Placed<ToolCallOf>>("ToolCall");
ToolCall.implement({
  description:
    "The model asked for a tool. Functions are answered by the client, everything else by the upstream or the hub.",
  interfaces: [StepPlace, ToolStep],
  fields: (t) => ({
    arguments: t.field({
      type: "JSON",
      nullable: true,
      description: "What it is called with.",
      resolve: ({ step }) => step.arguments,
    }),
    argumentsText: t.string({
      nullable: true,
      description: "The JSON text of the arguments as far as it came, if it was cut.",
      resolve: ({ step }) => step.arguments_text,
    }),
  }),
});

const ToolResult = builder.objectRef<Placed<ToolResultOf>>("ToolResult");
ToolResult.implement({
  description: "What a tool gave back.",
  interfaces: [StepPlace, ToolStep],
  fields: (t) => ({
    result: t.field({
      type: ToolOutcome,
      nullable: true,
      description: "What it gave back.",
      resolve: ({ step }) => step.result,
    }),
    isError: t.boolean({ description: "Whether the tool failed.", resolve: ({ step }) => step.is_error ?? false }),
  }),
});

const types = {
  user_input: "UserInput",
  model_output: "ModelOutput",
  thought: "Thought",
  tool_call: "ToolCall",
  tool_result: "ToolResult",
} as const satisfies Record<StepOf["type"], string>;

export const Step = builder.unionType("Step", {
  description: "A typed thing that happened, in order.",
  types: [UserInput, ModelOutput, Thought, ToolCall, ToolResult],
  resolveType: ({ step }: Placed) => types[step.type],
});
