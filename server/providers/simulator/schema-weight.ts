import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { referenced } from "./resolve-schema.ts";

/**
 * How many values a schema would consist of, were every reference written out once; a reference back into itself counts as
 * one. Thirty definitions that each name the one before twice weigh a billion, and checking a value takes as long.
 */
export function schemaWeight(root: JsonObject): number {
  const weights = new Map<JsonValue, number>();

  function weigh(value: JsonValue): number {
    if (typeof value !== "object" || value === null) return 1;
    const known = weights.get(value);
    if (known !== undefined) return known;
    weights.set(value, 1);
    let weight = 1;
    for (const [key, member] of Object.entries(value)) {
      // Definitions weigh where they are referred to.
      if (key !== "$defs" && key !== "definitions") weight += weigh(member);
    }
    const target = isJsonObject(value) && typeof value.$ref === "string" ? referenced(root, value.$ref) : undefined;
    if (target !== undefined) weight += weigh(target);
    weights.set(value, weight);
    return weight;
  }

  return weigh(root);
}
