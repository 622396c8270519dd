import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { describe, invalidValue, memberPath } from "./refusals.ts";

/** The value as an object, or a refusal that names its path. */
export function objectAt(value: unknown, path: string): JsonObject {
  if (!isJsonObject(value)) throw invalidValue(path, "an object", value);
  return value;
}

/** The value as an array, or a refusal that names its path. */
export function arrayAt(value: unknown, path: string): JsonValue[] {
  if (!Array.isArray(value)) throw invalidValue(path, "an array", value);
  return value;
}

/** A member that is a string if it is set; null counts as absent, because some clients write absent members so. */
export function stringMember(wire: JsonObject, name: string, path: string): string | undefined {
  const value = ownMember(wire, name);
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw invalidValue(memberPath(path, name), "a string", value);
  return value;
}

/** A member that is true or false if it is set. */
export function booleanMember(wire: JsonObject, name: string, path: string): boolean | undefined {
  const value = ownMember(wire, name);
  if (value === undefined) return undefined;
  if (typeof value !== "boolean") throw invalidValue(memberPath(path, name), "true or false", value);
  return value;
}

/** A member that is a whole number if it is set. */
export function integerMember(wire: JsonObject, name: string, path: string): number | undefined {
  const value = ownMember(wire, name);
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value))
    throw invalidValue(memberPath(path, name), "a whole number", value, describe(value));
  return value as number;
}

/** A member that is an object if it is set. */
export function objectMember(wire: JsonObject, name: string, path: string): JsonObject | undefined {
  const value = ownMember(wire, name);
  return value === undefined ? undefined : objectAt(value, memberPath(path, name));
}

/** A member that is an array if it is set. */
export function arrayMember(wire: JsonObject, name: string, path: string): JsonValue[] | undefined {
  const value = ownMember(wire, name);
  return value === undefined ? undefined : arrayAt(value, memberPath(path, name));
}

/** A member if it is set and is not null. */
export function ownMember(wire: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(wire, name) ? (wire[name] ?? undefined) : undefined;
}

/** The members that are not among the known ones, as they came; `undefined` when there are none. */
export function unknownMembers(wire: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  for (const name in wire) {
    // Object.fromEntries defines members, so that one called __proto__ stays a member.
    if (!known.has(name)) return Object.fromEntries(Object.entries(wire).filter(([key]) => !known.has(key)));
  }
  return undefined;
}

/** The object without the members that are null; the same object if there are none. */
export function withoutNulls(wire: JsonObject): JsonObject {
  for (const name in wire) {
    if (wire[name] === null) return Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== null));
  }
  return wire;
}
