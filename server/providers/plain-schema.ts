import { isJsonObject, type JsonObject, type JsonValue } from "../../schema/core/json.ts";

/** Keywords whose value is a map of schemas, a list of schemas, or one schema. */
const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const LISTS = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const SINGLES = new Set([
  "items",
  "additionalProperties",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
const NUMBERS = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
  "minContains",
  "maxContains",
]);

/**
 * The schema in the words of JSON Schema 2020-12: type names in lower case (Google's schemas write `STRING`), `nullable` as
 * a type, numbers that came as text (Google's int64), item lists and exclusive bounds of older drafts.
 */
export function plainSchema(schema: JsonObject): JsonObject {
  const { $schema: _dialect, $id: _id, ...members } = schema;
  return plain(members);
}

function plainAny(schema: JsonValue): JsonValue {
  return isJsonObject(schema) ? plain(schema) : schema;
}

function plain(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (MAPS.has(key) && isJsonObject(value)) {
      result[key] = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainAny(member)]));
    } else if (LISTS.has(key) && Array.isArray(value)) {
      result[key] = value.map(plainAny);
    } else if (key === "items" && Array.isArray(value)) {
      result.prefixItems = value.map(plainAny);
      if (schema.additionalItems !== undefined) result.items = plainAny(schema.additionalItems);
    } else if (SINGLES.has(key)) {
      result[key] = plainAny(value);
    } else if (key === "type") {
      const type = plainType(value);
      if (type !== undefined) result.type = type;
    } else if (NUMBERS.has(key) && typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) {
      result[key] = Number(value);
    } else if (key !== "nullable" && key !== "additionalItems") {
      result[key] = value;
    }
  }
  exclusive(result, "exclusiveMinimum", "minimum");
  exclusive(result, "exclusiveMaximum", "maximum");
  return schema.nullable === true ? nullable(result) : result;
}

function plainType(type: JsonValue): JsonValue | undefined {
  if (Array.isArray(type)) return type.map((each) => (typeof each === "string" ? each.toLowerCase() : each));
  if (typeof type !== "string") return type;
  return /^type_unspecified$/i.test(type) ? undefined : type.toLowerCase();
}

/** Draft 4 wrote `exclusiveMinimum: true` next to `minimum`. */
function exclusive(
  schema: JsonObject,
  flag: "exclusiveMinimum" | "exclusiveMaximum",
  bound: "minimum" | "maximum",
): void {
  if (typeof schema[flag] !== "boolean") return;
  const limit = schema[bound];
  if (schema[flag] && limit !== undefined) {
    schema[flag] = limit;
    delete schema[bound];
  } else delete schema[flag];
}

function nullable(schema: JsonObject): JsonObject {
  if (schema.type === undefined)
    return schema.$ref === undefined && schema.anyOf === undefined ? schema : { anyOf: [schema, { type: "null" }] };
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const result: JsonObject = { ...schema, type: types.includes("null") ? types : [...types, "null"] };
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) result.enum = [...schema.enum, null];
  return result;
}
