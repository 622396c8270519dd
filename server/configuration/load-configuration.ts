import { join } from "node:path";
import type { z } from "zod";
import { keyMembers } from "./api-key.ts";
import { parseCommandLine } from "./command-line.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { isTree, type ReadFile, readConfigurationFile, type SettingsTree } from "./configuration-file.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type EnvironmentVariables, fileVariable, readVariables } from "./environment-variables.ts";
import { referredVariables, resolveKeys } from "./key-references.ts";
import { Configuration, settings } from "./schema.ts";

/** Where a value came from, for messages, by key. */
type Sources = Map<string, string>;

/**
 * The settings that hold: flags before environment before file before defaults. Rejects with a `ConfigurationError` that
 * names the setting and where its value came from.
 */
export async function loadConfiguration(
  argv: readonly string[],
  env: EnvironmentVariables,
  readFile: ReadFile,
): Promise<Configuration> {
  const line = parseCommandLine(argv);
  const path = line.config ?? (env[fileVariable] || undefined);
  const tree = path === undefined ? {} : withoutEmptyGroups(await readConfigurationFile(path, readFile));
  const variables = readVariables(env, referredVariables(tree.api_keys));

  const sources: Sources = new Map();
  for (const { key, flag, variable } of settings) {
    const fromFlag = line.values.get(key);
    const value = fromFlag ?? variables.get(key);
    if (value === undefined) continue;
    sources.set(key, fromFlag === undefined ? variable : (flag ?? key));
    overlay(tree, key.split("."), value);
  }
  tree.api_keys = await resolveKeys(tree.api_keys, env, readFile);
  tree.data ??= await defaultDataFolder();
  // Whatever is wrong with a folder would be told a second time about the file in it.
  const told = tree.db === undefined ? (issue: z.core.$ZodIssue) => issue.path[0] !== "db" : () => true;
  if (typeof tree.data === "string") tree.db ??= join(tree.data, "interactions-hub.db");

  const result = Configuration.safeParse(tree);
  if (result.success) return result.data;
  throw new ConfigurationError(explain(result.error.issues.filter(told), sources, path), { cause: result.error });
}

/** A heading in the file whose members are all commented out is null to YAML, and means nothing. */
function withoutEmptyGroups(tree: SettingsTree): SettingsTree {
  const groups = new Set(settings.flatMap(({ key }) => (key.includes(".") ? key.split(".", 1) : [])));
  return Object.fromEntries(Object.entries(tree).filter(([name, value]) => value !== null || !groups.has(name)));
}

/** Sets a value at a place; a group that the file gives another shape is left for the schema to refuse. */
function overlay(tree: SettingsTree, [name = "", ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  tree[name] ??= {};
  const group = tree[name];
  if (isTree(group)) overlay(group, rest, value);
}

async function defaultDataFolder(): Promise<string> {
  const { default: envPaths } = await import("env-paths");
  return envPaths("interactions-hub", { suffix: "" }).data;
}

/** All mistakes in one line, each with its key first and the place of the wrong value last. */
function explain(issues: readonly z.core.$ZodIssue[], sources: Sources, path: string | undefined): string {
  return issues
    .flatMap((issue) => {
      const key = keyOf(issue.path);
      const source = sources.get(String(key.split("[", 1)[0])) ?? path;
      const place = source === undefined ? "" : ` (${source})`;
      if (issue.code !== "unrecognized_keys") {
        const isGroup = issue.code === "invalid_type" && issue.expected === "object" && !key.includes("[");
        return [`${key}: ${isGroup ? "expected a group of settings" : issue.message}${place}`];
      }
      return issue.keys.map((name) => {
        const known = key.includes("[") ? [...keyMembers] : membersOf(key);
        return `unknown setting ${key === "" ? "" : `${key}.`}${name}${didYouMean(name, known)}${place}`;
      });
    })
    .join(" | ");
}

/** `["api_keys", 0, "key"]` → `api_keys[0].key`. */
function keyOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** The names that may stand in a group, or at the top for the empty key. */
function membersOf(group: string): string[] {
  const prefix = group === "" ? "" : `${group}.`;
  const names = settings.filter(({ key }) => key.startsWith(prefix)).map(({ key }) => key.slice(prefix.length));
  return names.map((name) => name.split(".", 1)[0] ?? name);
}
