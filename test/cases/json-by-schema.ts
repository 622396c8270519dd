import { isJsonObject, type JsonObject, type JsonValue } from "../../schema/core/json.ts";

/** The text of something that a plain schema allows, as the fakes answer where they are asked for JSON. */
export function jsonBySchema(schema: JsonObject): string {
  return JSON.stringify(valueBy(schema));
}

function valueBy({ type, properties, items }: JsonObject): JsonValue {
  switch (String(type).toLowerCase()) {
    case "object": {
      const members = isJsonObject(properties) ? Object.entries(properties) : [];
      return Object.fromEntries(members.map(([name, member]) => [name, isJsonObject(member) ? valueBy(member) : null]));
    }
    case "array":
      return isJsonObject(items) ? [valueBy(items)] : [];
    case "integer":
      return 7;
    default:
      return "Porto";
  }
}
