import type { ModelInfo } from "../../../../schema/core/model-info.ts";
import { encodeNodeId } from "../../../../schema/graphql/node-id.ts";
import { modelInfo } from "../../../../schema/graphql/shapes.ts";
import type { UpstreamState } from "../../../../schema/upstream-state.ts";
import { builder, type TypeOf } from "../builder.ts";
import { addShapeFields } from "../shape-fields.ts";
import { Node } from "./node.ts";
import { HealthWord } from "./words.ts";

export const Model = builder.objectRef<ModelInfo>("Model");
Model.implement({ description: "A model that an upstream offers.", interfaces: [Node] });

export const Agent = builder.objectRef<ModelInfo>("Agent");
Agent.implement({ description: "An agent that an upstream offers.", interfaces: [Node] });

export const Upstream = builder.objectRef<UpstreamState>("Upstream");
Upstream.implement({ description: "A server whose models the hub offers.", interfaces: [Node] });

offered(Model, "Model");
offered(Agent, "Agent");
addShapeFields(Model, modelInfo);
addShapeFields(Agent, modelInfo);

builder.objectFields(Upstream, (t) => ({
  id: t.id({ description: "Finds it as a node.", resolve: ({ name }) => encodeNodeId({ type: "Upstream", id: name }) }),
  name: t.exposeString("name", { description: "What it is called." }),
  kind: t.exposeString("kind", { description: "What it speaks." }),
  address: t.exposeString("address", {
    nullable: true,
    description: "Where it is, if that is not its vendor's own address.",
  }),
  health: t.field({ type: HealthWord, description: "How it is.", resolve: ({ health }) => health }),
  trouble: t.exposeString("trouble", { nullable: true, description: "Why it is failing." }),
  checkedAt: t.field({
    type: "DateTime",
    description: "When it was asked last.",
    resolve: (state) => state.checked_at,
  }),
  latency: t.exposeInt("latency", { description: "How long its answer took, in milliseconds." }),
  modelCount: t.exposeInt("models", { description: "How many models and agents it lists." }),
  models: t.field({
    type: [Model],
    description: "The models that it lists.",
    resolve: ({ name }, _, { sources }) => offeredBy(sources.hub.models(), name, "model"),
  }),
  agents: t.field({
    type: [Agent],
    description: "The agents that it lists.",
    resolve: ({ name }, _, { sources }) => offeredBy(sources.hub.models(), name, "agent"),
  }),
}));

function offered(ref: TypeOf<ModelInfo>, type: "Model" | "Agent"): void {
  builder.objectFields(ref, (t) => ({
    id: t.id({
      description: "Finds it as a node.",
      resolve: ({ provider, id }) => encodeNodeId({ type, id: `${provider} ${id}` }),
    }),
    name: t.exposeString("id", { description: "What a request names it by." }),
    provider: t.exposeString("provider", { description: "The upstream that offers it." }),
  }));
}

async function offeredBy(
  models: Promise<ModelInfo[]>,
  provider: string,
  kind: ModelInfo["kind"],
): Promise<ModelInfo[]> {
  return (await models).filter((info) => info.provider === provider && info.kind === kind);
}
