import { ConfigurationError } from "./configuration-error.ts";
import { isTree, type ReadFile, readNamedFile, type SettingsTree } from "./configuration-file.ts";
import type { EnvironmentVariables } from "./environment-variables.ts";

/** The environment variables that entries of `api_keys` take their keys from. */
export function referredVariables(entries: unknown): Set<string> {
  const names = Array.isArray(entries) ? entries.map((entry) => (isTree(entry) ? entry.key_env : undefined)) : [];
  return new Set(names.filter((name) => typeof name === "string"));
}

/**
 * Puts the keys themselves in the place of `key_file` and `key_env`, and makes entries of the environment's list of keys.
 * Whatever has the wrong shape is left for the schema to refuse.
 */
export async function resolveKeys(entries: unknown, env: EnvironmentVariables, readFile: ReadFile): Promise<unknown> {
  if (typeof entries === "string") {
    return entries.split(",").map((key, index) => ({ name: `key-${index + 1}`, key: key.trim() }));
  }
  if (!Array.isArray(entries)) return entries;
  return Promise.all(
    entries.map((entry, index) => (isTree(entry) ? resolveKey(entry, `api_keys[${index}]`, env, readFile) : entry)),
  );
}

async function resolveKey(entry: SettingsTree, place: string, env: EnvironmentVariables, readFile: ReadFile) {
  const { key_file: file, key_env: variable, ...rest } = entry;
  const forms = [rest.key, file, variable].filter((form) => form !== undefined);
  if (forms.length !== 1) throw new ConfigurationError(`${place}: needs exactly one of key, key_file and key_env`);
  if (file !== undefined) {
    const path = nonEmptyText(file, `${place}.key_file`);
    return { ...rest, key: (await readNamedFile(`${place}.key_file`, path, readFile)).trim() };
  }
  if (variable !== undefined) {
    const name = nonEmptyText(variable, `${place}.key_env`);
    const key = env[name];
    if (key !== undefined && key !== "") return { ...rest, key };
    throw new ConfigurationError(`${place}.key_env: the environment variable ${name} is not set`);
  }
  return rest;
}

function nonEmptyText(value: unknown, key: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ConfigurationError(`${key}: expected text`);
}
