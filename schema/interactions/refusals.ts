import { HubError } from "../core/error.ts";
import { shortened } from "../core/shortened.ts";
import { nearestName } from "./nearest-name.ts";

/** Any refusal of a request, with the path of the member at fault. */
export function refusal(message: string, field?: string): HubError {
  return new HubError("invalid_request", message, field === undefined ? {} : { field });
}

/** A member that does not exist there. `path` is the object's, empty for the body itself. */
export function unknownParameter(name: string, path: string, known: Iterable<string>): HubError {
  const meant = nearestName(name, known);
  const place = path === "" ? "" : ` at '${path}'`;
  const hint = meant === undefined ? "" : ` Did you mean '${meant}'?`;
  return refusal(`Unknown parameter '${shortened(name)}'${place}.${hint}`, memberPath(path, name));
}

/** A value outside a closed list of strings. */
export function invalidEnum(value: unknown, path: string, supported: readonly unknown[]): HubError {
  return refusal(`Invalid enum value '${quote(value)}' at '${path}'. Supported values: ${supported.join(", ")}.`, path);
}

/** An object whose `type` is none of those that can stand there; `path` is the object's. */
export function unsupportedType(type: string, path: string, supported: readonly string[]): HubError {
  const meant = nearestName(type, supported);
  const hint = meant === undefined ? "" : ` Did you mean '${meant}'?`;
  const values = supported.map((value) => `'${value}'`).join(", ");
  const what = `The value '${shortened(type)}' is not supported for 'type' at '${path}'.`;
  return refusal(`${what} Supported values: ${values}.${hint}`, memberPath(path, "type"));
}

/** A value of the wrong form. `received` says what it is instead, when its JSON type does not. */
export function invalidValue(path: string, expected: string, value: unknown, received = describe(value)): HubError {
  return refusal(`Invalid value at '${path}': expected ${expected}, received ${received}.`, path);
}

/** A required member that is not there; `path` is the object's. */
export function missingMember(name: string, path: string): HubError {
  return path === ""
    ? refusal(`Missing '${name}'.`, name)
    : refusal(`Missing key '${name}' at '${path}'.`, memberPath(path, name));
}

/** The path of an object's member; a name that is long is shortened, because paths are for people. */
export function memberPath(path: string, name: string): string {
  return path === "" ? shortened(name) : `${path}.${shortened(name)}`;
}

/** A value for people: its JSON type, and the value itself where that is short. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty string" : `the string '${shortened(value)}'`;
    case "number":
    case "boolean":
      return String(value);
    default:
      return "an object";
  }
}

function quote(value: unknown): string {
  return typeof value === "string" ? shortened(value) : describe(value);
}
