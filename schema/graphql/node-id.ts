import { parseInteractionId } from "../core/interaction-id.ts";
import { decodeBase64Text, encodeBase64Text } from "./base64-text.ts";

/** The types that `node` finds. */
export const nodeTypes = ["Interaction", "Model", "Agent", "Upstream"] as const;
export type NodeType = (typeof nodeTypes)[number];

/** What a global id names: a type, and the id within it. */
export type NodeKey = { type: NodeType; id: string };

/**
 * The global id of a node. An interaction has the id by which REST knows it, which is unique by its form; everything else
 * has its type and its own id in base64url.
 */
export function encodeNodeId({ type, id }: NodeKey): string {
  return type === "Interaction" ? id : encodeBase64Text(`${type}:${id}`);
}

/** Reads a global id; `undefined` if it is none. */
export function decodeNodeId(text: string): NodeKey | undefined {
  if (parseInteractionId(text) !== undefined) return { type: "Interaction", id: text };
  const [, name, id] = /^(\w+):(.+)$/s.exec(decodeBase64Text(text) ?? "") ?? [];
  const type = nodeTypes.find((one) => one === name);
  return type === undefined || type === "Interaction" || id === undefined ? undefined : { type, id };
}
