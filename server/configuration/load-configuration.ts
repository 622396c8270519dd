import { join } from "node:path";
import type { z } from "zod";
import { ConfigurationError } from "./configuration-error.ts";
import { isTree, type ReadFile, readConfigurationFile, type SettingsTree } from "./configuration-file.ts";
import {
  type EnvironmentVariables,
  fileVariable,
  readVariables,
  refuseUnknownVariables,
} from "./environment-variables.ts";
import { explainIssues } from "./explain-issues.ts";
import type { GivenSettings } from "./given-settings.ts";
import { keyEntries, referredVariables, resolveKeys } from "./key-references.ts";
import { parseYaml } from "./parse-yaml.ts";
import { Configuration, settings } from "./schema.ts";

/**
 * The settings that hold: flags before environment before file before defaults. Rejects with a `ConfigurationError` that
 * names the setting and where its value came from.
 */
export async function loadConfiguration(
  line: GivenSettings,
  env: EnvironmentVariables,
  readFile: ReadFile,
): Promise<Configuration> {
  return (await loadWithKey(line, env, readFile)).configuration;
}

/** The same with the first of its API keys that may write, for whoever is to be a client of a hub with these settings. */
export async function loadWithKey(
  line: GivenSettings,
  env: EnvironmentVariables,
  readFile: ReadFile,
): Promise<{ configuration: Configuration; key: string | undefined }> {
  const path = line.config ?? (env[fileVariable] || undefined);
  const tree = path === undefined ? {} : withoutEmptyHeadings(await readConfigurationFile(path, readFile));
  const inFile = [tree.api_keys, tree.upstreams];
  const variables = readVariables(env);

  const sources = new Map<string, string>();
  for (const { key, flag, variable, structured } of settings) {
    const fromFlag = line.values.get(key);
    const text = fromFlag ?? variables.get(key);
    if (text === undefined) continue;
    const source = fromFlag === undefined ? variable : (flag ?? key);
    sources.set(key, source);
    const value = structured ? await parseYaml(text, `${key}: ${source} is neither YAML nor JSON`) : text;
    overlay(tree, key.split("."), value);
  }
  if (typeof tree.api_keys === "string") tree.api_keys = keyEntries(tree.api_keys);
  const lists = [...inFile, tree.api_keys, tree.upstreams];
  refuseUnknownVariables(env, new Set(lists.flatMap((list) => [...referredVariables(list)])));
  tree.api_keys = await resolveKeys(tree.api_keys, { list: "api_keys", optional: false }, env, readFile);
  tree.upstreams = await resolveKeys(tree.upstreams, { list: "upstreams", optional: true }, env, readFile);
  tree.data ??= await defaultDataFolder();
  // Whatever is wrong with a folder would be told a second time about the file in it.
  const told = tree.db === undefined ? (issue: z.core.$ZodIssue) => issue.path[0] !== "db" : () => true;
  if (typeof tree.data === "string") tree.db ??= join(tree.data, "interactions-hub.db");

  const result = Configuration.safeParse(tree);
  if (result.success) return { configuration: result.data, key: writingKey(result.data, tree.api_keys) };
  throw new ConfigurationError(explainIssues(result.error.issues.filter(told), sources, path), { cause: result.error });
}

function writingKey({ api_keys }: Configuration, entries: unknown): string | undefined {
  const place = api_keys.findIndex(({ read_only }) => !read_only);
  const entry: unknown = Array.isArray(entries) ? entries[place] : undefined;
  return isTree(entry) && typeof entry.key === "string" ? entry.key : undefined;
}

/** A heading in the file whose members are all commented out is null to YAML, and means nothing. */
function withoutEmptyHeadings(tree: SettingsTree): SettingsTree {
  const headings = new Set(
    settings.flatMap(({ key, structured, members }) =>
      key.includes(".") ? key.split(".", 1) : structured || members.length > 0 ? [key] : [],
    ),
  );
  return Object.fromEntries(Object.entries(tree).filter(([name, value]) => value !== null || !headings.has(name)));
}

/** Sets a value at a place; a group that the file gives another shape is left for the schema to refuse. */
function overlay(tree: SettingsTree, [name = "", ...rest]: string[], value: unknown): void {
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
