import type { ModelInfo } from "../../../../schema/core/model-info.ts";
import { decodeNodeId, type NodeKey } from "../../../../schema/graphql/node-id.ts";
import { builder } from "../builder.ts";
import type { GraphqlContext } from "../context.ts";
import { asNode, Node } from "../types/node.ts";
import { Agent, Model, Upstream } from "../types/upstream.ts";

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: "Whatever has this id.",
    args: { id: t.arg.id({ required: true, description: "The id." }) },
    resolve: (_, { id }, context) => nodeOf(id, context),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: "Whatever has these ids, in their order; null for what nothing has.",
    args: { ids: t.arg.idList({ required: true, description: "The ids." }) },
    resolve: (_, { ids }, context) => Promise.all(ids.map((id) => nodeOf(id, context))),
  }),
  models: t.field({
    type: [Model],
    description: "The models of every upstream that can tell.",
    resolve: (_, _args, { sources }) => offered(sources.hub.models(), "model"),
  }),
  agents: t.field({
    type: [Agent],
    description: "The agents of every upstream that can tell.",
    resolve: (_, _args, { sources }) => offered(sources.hub.models(), "agent"),
  }),
  upstreams: t.field({
    type: [Upstream],
    description: "The upstreams in their order, with how they are.",
    resolve: (_, _args, { sources }) => sources.upstreams(),
  }),
}));

async function nodeOf(text: string, context: GraphqlContext): Promise<object | null> {
  const key = decodeNodeId(text);
  const value = key === undefined ? undefined : await lookUp(key, context);
  return key === undefined || value === undefined ? null : asNode(key.type, value);
}

async function lookUp({ type, id }: NodeKey, { sources, loaders }: GraphqlContext): Promise<object | undefined> {
  switch (type) {
    case "Interaction":
      return loaders.heads.load(id);
    case "Model":
    case "Agent": {
      const all = await offered(sources.hub.models(), type === "Model" ? "model" : "agent");
      return all.find((info) => id === `${info.provider} ${info.id}`);
    }
    case "Upstream":
      return (await sources.upstreams()).find(({ name }) => name === id);
    default:
      return type satisfies never;
  }
}

async function offered(models: Promise<ModelInfo[]>, kind: ModelInfo["kind"]): Promise<ModelInfo[]> {
  return (await models).filter((info) => info.kind === kind);
}
