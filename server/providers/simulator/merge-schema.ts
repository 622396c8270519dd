import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";

/** One schema that asks for what both ask for, as far as that can be written without `allOf`. */
export function mergeSchemas(one: JsonObject, other: JsonObject): JsonObject {
  const merged: JsonObject = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const present = merged[key];
    merged[key] = present === undefined ? value : mergeKeyword(key, present, value);
  }
  return merged;
}

function mergeKeyword(key: string, one: JsonValue, other: JsonValue): JsonValue {
  switch (key) {
    case "properties":
    case "patternProperties":
      return isJsonObject(one) && isJsonObject(other) ? mergeMaps(one, other) : other;
    case "required":
      return [...new Set([...list(one), ...list(other)])];
    case "enum":
      return list(one).filter((value) => list(other).some((each) => JSON.stringify(each) === JSON.stringify(value)));
    case "type":
      return mergeTypes(list(one), list(other));
    case "minimum":
    case "exclusiveMinimum":
    case "minLength":
    case "minItems":
    case "minProperties":
      return Math.max(Number(one), Number(other));
    case "maximum":
    case "exclusiveMaximum":
    case "maxLength":
    case "maxItems":
    case "maxProperties":
      return Math.min(Number(one), Number(other));
    case "multipleOf":
      return Number.isInteger(Number(one) / Number(other))
        ? one
        : Number.isInteger(Number(other) / Number(one))
          ? other
          : Number(one) * Number(other);
    case "items":
    case "additionalProperties":
      return isJsonObject(one) && isJsonObject(other)
        ? mergeSchemas(one, other)
        : one === false
          ? one
          : isJsonObject(one) && other === true
            ? one
            : other;
    case "not":
      return { anyOf: [one, other] };
    case "allOf":
      return [...list(one), ...list(other)];
    default:
      return other;
  }
}

function mergeMaps(one: JsonObject, other: JsonObject): JsonObject {
  const merged: JsonObject = { ...one };
  for (const [name, schema] of Object.entries(other)) {
    const present = merged[name];
    if (isJsonObject(present) && isJsonObject(schema)) merged[name] = mergeSchemas(present, schema);
    else if (present !== false) merged[name] = schema;
  }
  return merged;
}

/** `integer` is within `number`. */
function mergeTypes(one: readonly JsonValue[], other: readonly JsonValue[]): JsonValue[] {
  return one.flatMap((type) => {
    if (other.includes(type)) return [type];
    if ((type === "integer" && other.includes("number")) || (type === "number" && other.includes("integer")))
      return ["integer"];
    return [];
  });
}

function list(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value : [value];
}
