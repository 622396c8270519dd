import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { Random } from "./random.ts";

const types = ["string", "integer", "boolean", "number", "object", "array", "null"] as const;

/** The type of the value to make: one that a schema names, else the one that its keywords are about, never a forbidden one. */
export function chooseType(schema: JsonObject, random: Random, byChance: boolean): string | undefined {
  const forbidden = forbiddenTypes(schema.not);
  const named = typeof schema.type === "string" ? [schema.type] : schema.type;
  if (Array.isArray(named)) {
    const possible = named.filter((each) => typeof each === "string" && !forbidden.has(each)) as string[];
    if (byChance && possible.length > 0) return possible[random.integer(0, possible.length - 1)];
    return possible.find((each) => each !== "null") ?? possible[0];
  }
  const meant = typeOfKeywords(schema);
  const possible = types.filter((each) => !forbidden.has(each));
  // What `not` says may be about any type, so chance tries them all.
  if (byChance && schema.not !== undefined && possible.length > 0)
    return possible[random.integer(0, possible.length - 1)];
  return forbidden.has(meant) ? possible[0] : meant;
}

function typeOfKeywords(schema: JsonObject): string {
  const has = (...keywords: string[]): boolean => keywords.some((keyword) => schema[keyword] !== undefined);
  if (has("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties"))
    return "object";
  if (has("items", "prefixItems", "minItems", "contains")) return "array";
  return has("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum") ? "number" : "string";
}

/** The types of which a `not` allows no value at all. */
function forbiddenTypes(not: JsonValue | undefined): ReadonlySet<string> {
  if (!isJsonObject(not)) return new Set();
  if (Array.isArray(not.anyOf) && Object.keys(not).length === 1)
    return new Set(not.anyOf.flatMap((branch) => [...forbiddenTypes(branch)]));
  if (not.type === undefined || Object.keys(not).length > 1) return new Set();
  const named = (Array.isArray(not.type) ? not.type : [not.type]).filter((each) => typeof each === "string");
  return new Set(named.includes("number") ? [...named, "integer"] : named);
}
