import type { NodeType } from "../../../../schema/graphql/node-id.ts";
import { builder } from "../builder.ts";

/** Tells which type a node is of, by what only nodes of this type have. */
const marks = new WeakMap<object, NodeType>();

/** Marks a value as a node of a type, so that `Node` knows it. */
export function asNode<Value extends object>(type: NodeType, value: Value): Value {
  marks.set(value, type);
  return value;
}

export const Node = builder.interfaceRef<object>("Node");
Node.implement({
  description: "Something that can be found again by its id.",
  resolveType: (value) => marks.get(value),
  fields: (t) => ({
    id: t.id({
      description: "Names it among everything.",
      resolve: () => {
        throw new Error("A type that is a Node has no id.");
      },
    }),
  }),
});
