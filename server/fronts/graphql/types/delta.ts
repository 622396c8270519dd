import type { Delta as DeltaOf } from "../../../../schema/core/event.ts";
import { pascalCase } from "../../../../schema/graphql/camel-case.ts";
import { builder } from "../builder.ts";
import { Annotation, Content } from "./content.ts";
import { Signature, ToolOutcome } from "./step.ts";

type Kind = DeltaOf["type"];
type Of<Type extends Kind> = Extract<DeltaOf, { type: Type }>;

const extra = "Members that the hub does not know, as they came.";

function typeName(type: Kind): string {
  return `${pascalCase(type)}Delta`;
}

function refOf<Type extends Kind>(type: Type) {
  return builder.objectRef<Of<Type>>(typeName(type));
}

const TextDelta = refOf("text");
TextDelta.implement({
  description: "The model goes on with its text, or begins one.",
  fields: (t) => ({ text: t.exposeString("text", { description: "The next piece." }) }),
});

const AnnotationsDelta = refOf("annotations");
AnnotationsDelta.implement({
  description: "Sources for the text so far.",
  fields: (t) => ({
    annotations: t.field({ type: [Annotation], description: "The sources.", resolve: (delta) => delta.annotations }),
  }),
});

const ContentDelta = refOf("content");
ContentDelta.implement({
  description: "One more whole content of the model's output: media, usually.",
  fields: (t) => ({
    content: t.field({ type: Content, description: "The content.", resolve: (delta) => delta.content }),
  }),
});

const SummaryDelta = refOf("summary");
SummaryDelta.implement({
  description: "One more piece of a thought's summary.",
  fields: (t) => ({
    content: t.field({ type: Content, description: "The piece.", resolve: (delta) => delta.content }),
  }),
});

const SignatureDelta = refOf("signature");
SignatureDelta.implement({
  description: "The signature of a thought or of a step of a tool.",
  fields: (t) => ({
    signature: t.field({ type: Signature, description: "The signature.", resolve: (delta) => delta.signature }),
  }),
});

const ArgumentsDelta = refOf("arguments");
ArgumentsDelta.implement({
  description: "The next piece of the JSON text of a call's arguments.",
  fields: (t) => ({ text: t.exposeString("text", { description: "The next piece." }) }),
});

const CallDelta = refOf("call");
CallDelta.implement({
  description: "The whole arguments of a call at once.",
  fields: (t) => ({
    arguments: t.field({
      type: "JSON",
      nullable: true,
      description: "What the tool is called with.",
      resolve: (delta) => delta.arguments,
    }),
    signature: t.field({
      type: Signature,
      nullable: true,
      description: "The signature of the call.",
      resolve: (delta) => delta.signature,
    }),
    extra: t.field({ type: "JSON", nullable: true, description: extra, resolve: (delta) => delta.extra }),
  }),
});

const ResultDelta = refOf("result");
ResultDelta.implement({
  description: "The whole result of a tool at once.",
  fields: (t) => ({
    result: t.field({
      type: ToolOutcome,
      nullable: true,
      description: "What the tool gave back.",
      resolve: (delta) => delta.result,
    }),
    isError: t.boolean({ description: "Whether the tool failed.", resolve: (delta) => delta.is_error ?? false }),
    signature: t.field({
      type: Signature,
      nullable: true,
      description: "The signature of the result.",
      resolve: (delta) => delta.signature,
    }),
    extra: t.field({ type: "JSON", nullable: true, description: extra, resolve: (delta) => delta.extra }),
  }),
});

const OtherDelta = refOf("other");
OtherDelta.implement({
  description: "Something that the hub does not know; its members but `type` are in the step's `extra`.",
  fields: (t) => ({ raw: t.field({ type: "JSON", description: "The whole of it.", resolve: ({ raw }) => raw }) }),
});

export const Delta = builder.unionType("Delta", {
  description: "What is added to the step that is open.",
  types: [
    TextDelta,
    AnnotationsDelta,
    ContentDelta,
    SummaryDelta,
    SignatureDelta,
    ArgumentsDelta,
    CallDelta,
    ResultDelta,
    OtherDelta,
  ],
  resolveType: (delta: DeltaOf) => typeName(delta.type),
});
