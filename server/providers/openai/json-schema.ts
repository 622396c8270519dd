import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { plainSchema } from "../plain-schema.ts";

/**
 * A schema as OpenAI's API and its kin take it: type names in lower case, `nullable` as a type, no `$schema` (see
 * `plainSchema`), properties in the order that Google's `propertyOrdering` names, and `items` for every array.
 */
export function normaliseSchema(schema: JsonObject): JsonObject {
  return complete(plainSchema(schema));
}

/** The schema of a function's arguments: always an object with properties, or the API refuses the function. */
export function parametersSchema(parameters: JsonObject | undefined): JsonObject {
  const schema = normaliseSchema(parameters ?? {});
  if (schema.type !== undefined && schema.type !== "object") return schema;
  return { ...schema, type: "object", properties: schema.properties ?? {} };
}

/**
 * Whether OpenAI can hold the model to a schema (`strict`): every object closed, every property required, and only keywords
 * of its subset. Any other schema is a wish.
 */
export function qualifiesForStrict(schema: JsonObject): boolean {
  return schema.type === "object" && isStrict(schema);
}

const strictKeywords = new Set(
  "type properties required additionalProperties items enum const anyOf $ref $defs description title".split(" "),
);

function isStrict(schema: JsonValue): boolean {
  if (!isJsonObject(schema)) return false;
  if (!Object.keys(schema).every((keyword) => strictKeywords.has(keyword))) return false;
  if (includesType(schema, "object") && !isClosed(schema)) return false;
  return childrenOf(schema).every(isStrict);
}

function isClosed({ properties, required, additionalProperties }: JsonObject): boolean {
  if (additionalProperties !== false || !isJsonObject(properties) || !Array.isArray(required)) return false;
  return Object.keys(properties).every((name) => required.includes(name));
}

function childrenOf({ properties, $defs, items, anyOf }: JsonObject): JsonValue[] {
  return [
    ...(isJsonObject(properties) ? Object.values(properties) : []),
    ...(isJsonObject($defs) ? Object.values($defs) : []),
    ...(items === undefined ? [] : [items]),
    ...(Array.isArray(anyOf) ? anyOf : []),
  ];
}

function includesType({ type }: JsonObject, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}

/** Keywords under which further schemas stand, by name, in a list, or alone. */
const named = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const plural = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const single = new Set(["items", "additionalProperties", "not", "contains"]);

function completeAny(schema: JsonValue): JsonValue {
  return isJsonObject(schema) ? complete(schema) : schema;
}

function complete(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (named.has(keyword) && isJsonObject(value)) {
      const members = keyword === "properties" ? ordered(value, schema.propertyOrdering) : Object.entries(value);
      result[keyword] = Object.fromEntries(members.map(([name, member]) => [name, completeAny(member)]));
    } else if (plural.has(keyword) && Array.isArray(value)) result[keyword] = value.map(completeAny);
    else if (single.has(keyword)) result[keyword] = completeAny(value);
    else if (keyword !== "$schema" && keyword !== "propertyOrdering") result[keyword] = value;
  }
  // Without it, any item will do; OpenAI wants that said.
  if (includesType(result, "array") && result.items === undefined) result.items = {};
  return result;
}

function ordered(properties: JsonObject, ordering: JsonValue | undefined): [string, JsonValue][] {
  if (!Array.isArray(ordering)) return Object.entries(properties);
  const place = new Map(ordering.map((name, index) => [name, index]));
  const placeOf = ([name]: [string, JsonValue]): number => place.get(name) ?? ordering.length;
  return Object.entries(properties).sort((one, other) => placeOf(one) - placeOf(other));
}
