import { z } from "zod";

/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A JSON object whose members the hub carries without reading them. */
export type JsonObject = { [key: string]: JsonValue };

/** Accepts every value that `JSON.parse` can return; nothing is copied or checked in depth. */
export const JsonValue: z.ZodType<JsonValue> = z.custom<JsonValue>((value) => value !== undefined);

/** Accepts every plain JSON object (not null, not an array); nothing inside is checked. */
export const JsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>(isJsonObject, { message: "expected an object" });

/** Whether a value that JSON gave is an object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
