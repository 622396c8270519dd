import type { z } from "zod";
import type { JsonObject, JsonValue } from "../core/json.ts";
import { decodeUnlessUnknown } from "./decode-options.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { memberPath, unknownParameter } from "./refusals.ts";

/**
 * The members of an object by their schemas, none of which is required. A member that the schemas do not have, or have but
 * not with all that stands inside it, is kept as it came.
 */
export function decodeMembers<S extends z.ZodObject>(
  schema: S,
  object: JsonObject,
  path: string,
  unknown: Unknown,
): { known: z.infer<S>; kept: [name: string, value: JsonValue][] } {
  const known: [string, unknown][] = [];
  const kept: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(object)) {
    const decoded = decodeMember(schema, name, value, path, unknown);
    if (decoded === undefined) kept.push([name, value]);
    else known.push([name, decoded]);
  }
  return { known: Object.fromEntries(known) as z.infer<S>, kept };
}

function decodeMember(schema: z.ZodObject, name: string, value: JsonValue, path: string, unknown: Unknown): unknown {
  if (Object.hasOwn(schema.shape, name)) {
    return decodeUnlessUnknown(schema.shape[name] as z.ZodType, value, memberPath(path, name), unknown);
  }
  keepUnknown(unknownParameter(name, path, Object.keys(schema.shape)), unknown);
  return undefined;
}
