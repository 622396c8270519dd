import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { matcherOf } from "./pattern-matcher.ts";
import type { Random } from "./random.ts";

/** What an object's schema asks of a member: by its name, by each pattern that its name matches, or of all others. */
export function memberSchema(schema: JsonObject, name: string): JsonValue | undefined {
  const named =
    isJsonObject(schema.properties) && Object.hasOwn(schema.properties, name) ? [schema.properties[name]] : [];
  const patterns = isJsonObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
  const matching = patterns.flatMap(([pattern, member]) => (matcherOf(pattern).test(name) ? [member] : []));
  const parts = [...named, ...matching].filter((part) => part !== undefined);
  if (parts.length === 0) return schema.additionalProperties;
  return parts.length === 1 ? parts[0] : { allOf: parts };
}

/** What the name of a member that has none yet must be like; `undefined` where any will do. */
export function nameSchema(schema: JsonObject, random: Random): JsonValue | undefined {
  if (schema.propertyNames !== undefined || schema.additionalProperties !== false) return schema.propertyNames;
  const patterns = isJsonObject(schema.patternProperties) ? Object.keys(schema.patternProperties) : [];
  const pattern = patterns[random.integer(0, patterns.length - 1)];
  return pattern === undefined ? undefined : { pattern };
}

/** A name that no member has yet: the made one, or the made one with something added that its schema leaves room for. */
export function freshName(made: string, names: JsonValue | undefined, result: JsonObject, random: Random): string {
  if (!Object.hasOwn(result, made)) return made;
  const pattern = isJsonObject(names) && typeof names.pattern === "string" ? matcherOf(names.pattern) : undefined;
  const candidates = [`${made}${random.token(4)}`, `${random.token(4)}${made}`];
  return candidates.find((candidate) => pattern?.test(candidate) ?? false) ?? made;
}
