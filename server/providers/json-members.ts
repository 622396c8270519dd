import { isJsonObject, type JsonObject } from "../../schema/core/json.ts";

/** A member that should be a text. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" ? value : undefined;
}

/** A member that should be a whole number. */
export function numberIn(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}

/** A member that should be an object. */
export function objectIn(object: JsonObject, name: string): JsonObject | undefined {
  const value = object[name];
  return isJsonObject(value) ? value : undefined;
}

/** The objects in a member that should be a list of them. */
export function objectsIn(object: JsonObject, name: string): JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
