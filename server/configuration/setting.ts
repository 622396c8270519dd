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
  /** Whether flag and variable hold it as YAML or JSON, because it is a map or a list of entries. */
  structured: boolean;
  /** What each entry of a list may hold; empty for everything else. */
  members: readonly Member[];
  /** The value in the form of a configuration file. */
  write(value: unknown): unknown;
};

const notes = z.registry<SettingNote>();

/** A setting by its place in the YAML file: `limits.body_bytes`; in an entry of a list, by its name there. */
export type Member = SettingNote & { key: string };

/** One setting, as listed in `--help` and in the README. */
export type Setting = Member & {
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

/** Declares a map, which is empty unless told otherwise; flag and variable hold it as YAML or JSON. */
export function mapSetting<Value>(
  kind: ValueKind<Value>,
  description: string,
): z.ZodPrefault<z.ZodType<Value, unknown>> {
  return kind.schema.prefault({}).register(notes, { ...note(kind, "none", description), structured: true });
}

/** Declares a list of entries that hold secrets. It has no flag; `write` masks what it writes. */
export function secretEntries<Entry extends z.ZodType>(
  entry: Entry,
  expected: string,
  description: string,
  options: { structured: boolean; write(value: z.output<Entry>): unknown },
): z.ZodPrefault<z.ZodArray<Entry>> {
  return z
    .array(entry, expected)
    .prefault([])
    .register(notes, {
      placeholder: "list",
      fallback: "none",
      description,
      secret: true,
      structured: options.structured,
      members: listMembers(entry),
      write: (value) => (value as z.output<Entry>[]).map(options.write),
    });
}

function note<Value>(kind: ValueKind<Value>, fallback: string, description: string): SettingNote {
  // The registry is keyed by schema, so only values that this kind's schema has made come back here.
  const write = (value: unknown): unknown => (value === undefined ? undefined : kind.write(value as Value));
  const { placeholder } = kind;
  return { placeholder, fallback, description, secret: false, structured: false, members: [], write };
}

/** Every setting of a schema, groups flattened, in the order of declaration. */
export function listSettings(schema: z.ZodType): Setting[] {
  return listMembers(schema).map((member) => {
    const words = member.key.replaceAll(/[._]/g, "-");
    const variable = variablePrefix + words.replaceAll("-", "_").toUpperCase();
    return { ...member, flag: member.secret ? undefined : `--${words}`, variable };
  });
}

/** The settings in a schema of a group or of an entry, by key. */
export function listMembers(schema: z.ZodType, prefix = ""): Member[] {
  return Object.entries(innerObject(schema).shape).flatMap(([name, member]) => {
    const key = prefix + name;
    const found = notes.get(member);
    return found === undefined ? listMembers(member, `${key}.`) : [{ ...found, key }];
  });
}

function innerObject(schema: unknown): z.ZodObject<z.ZodRawShape & Record<string, z.ZodType>> {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPrefault) return innerObject(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return innerObject(schema.def.in);
  throw new Error("A member of the configuration's schema is neither a setting nor a group of settings.");
}
