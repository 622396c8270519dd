import { z } from "zod";
import type { ValueKind } from "./value-kind.ts";

/** What people are told about one setting. */
type SettingNote = {
  placeholder: string;
  /** The default in words or as it would be written; empty when there is none. */
  fallback: string;
  description: string;
  /** Kept off the command line, which every user of the machine can read, and masked when printed. */
  secret: boolean;
  write(value: unknown): unknown;
};

const notes = z.registry<SettingNote>();

/** One setting, as listed in `--help` and in the README. */
export type Setting = SettingNote & {
  /** Its place in the YAML file: `limits.body_bytes`. */
  key: string;
  /** `--limits-body-bytes`; absent for secrets. */
  flag: string | undefined;
  /** `INTERACTIONS_HUB_LIMITS_BODY_BYTES`. */
  variable: string;
};

/** The prefix of every environment variable of the hub. */
export const variablePrefix = "INTERACTIONS_HUB_";

/** Declares a setting that has a default, written as a user would write it. */
export function setting<Value>(
  kind: ValueKind<Value>,
  fallback: string | number | boolean | string[],
  description: string,
): z.ZodPrefault<z.ZodType<Value, unknown>> {
  const text = Array.isArray(fallback) ? fallback.join(",") || "none" : String(fallback);
  return kind.schema.prefault(fallback).register(notes, note(kind, text, description));
}

/** Declares a setting that must be filled in before the schema sees it; `fallback` says in words with what. */
export function requiredSetting<Value>(
  kind: ValueKind<Value>,
  fallback: string,
  description: string,
): z.ZodType<Value, unknown> {
  return kind.schema.clone().register(notes, note(kind, fallback, description));
}

/** Declares a setting that may be absent. */
export function optionalSetting<Value>(kind: ValueKind<Value>, fallback: string, description: string) {
  return kind.schema.optional().register(notes, note(kind, fallback, description));
}

/** Declares a list of secrets, which has a schema of its own and no flag. */
export function secretSetting<Schema extends z.ZodType>(schema: Schema, fallback: string, description: string): Schema {
  notes.add(schema, { placeholder: "list", fallback, description, secret: true, write: (value) => value });
  return schema;
}

function note<Value>(kind: ValueKind<Value>, fallback: string, description: string): SettingNote {
  // The registry is keyed by schema, so only values that this kind's schema has made come back here.
  const write = (value: unknown): unknown => (value === undefined ? undefined : kind.write(value as Value));
  return { placeholder: kind.placeholder, fallback, description, secret: false, write };
}

/** Every setting of a schema, groups flattened, in the order of declaration. */
export function listSettings(group: z.ZodObject, prefix = ""): Setting[] {
  return Object.entries(group.shape).flatMap(([name, member]) => {
    const key = prefix + name;
    const found = member instanceof z.ZodType ? notes.get(member) : undefined;
    if (found === undefined) return listSettings(innerObject(member), `${key}.`);
    const words = key.replaceAll(/[._]/g, "-");
    const variable = variablePrefix + words.replaceAll("-", "_").toUpperCase();
    return [{ ...found, key, flag: found.secret ? undefined : `--${words}`, variable }];
  });
}

function innerObject(schema: unknown): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPrefault) return innerObject(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return innerObject(schema.def.in);
  throw new Error("A member of the configuration's schema is neither a setting nor a group of settings.");
}
