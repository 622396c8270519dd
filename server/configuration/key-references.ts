import { ConfigurationError } from "./configuration-error.ts";
import { isTree, type ReadFile, readNamedFile, type SettingsTree } from "./configuration-file.ts";
import type { EnvironmentVariables } from "./environment-variables.ts";

/** The environment variables that entries of a list take their keys from. */
export function referredVariables(entries: unknown): Set<string> {
  const names = Array.isArray(entries) ? entries.map((entry) => (isTree(entry) ? entry.key_env : undefined)) : [];
  return new Set(names.filter((name) => typeof name === "string"));
}

/** Makes entries of the environment's list of keys. */
export function keyEntries(text: string): SettingsTree[] {
  return text.split(",").map((key, index) => ({ name: `key-${index + 1}`, key: key.trim() }));
}

/**
 * Puts the keys that `key_file` and `key_env` stand for beside them, as `key`. Whatever has the wrong shape is left for
 * the schema to refuse. `list` is the setting that the entries are of; each has one key, or none where `optional`.
 */
export async function resolveKeys(
  entries: unknown,
  { list, optional }: { list: string; optional: boolean },
  env: EnvironmentVariables,
  readFile: ReadFile,
): Promise<unknown> {
  if (!Array.isArray(entries)) return entries;
  return Promise.all(
    entries.map((entry, index) => {
      if (!isTree(entry)) return entry;
      const place = `${list}[${index}]`;
      const forms = [entry.key, entry.key_file, entry.key_env].filter((form) => form !== undefined);
      if (forms.length === 1) return resolveKey(entry, place, env, readFile);
      if (forms.length === 0 && optional) return entry;
      throw new ConfigurationError(
        `${place}: needs ${optional ? "at most" : "exactly"} one of key, key_file and key_env`,
      );
    }),
  );
}

async function resolveKey(entry: SettingsTree, place: string, env: EnvironmentVariables, readFile: ReadFile) {
  const { key_file: file, key_env: variable } = entry;
  if (file !== undefined) {
    const path = nonEmptyText(file, `${place}.key_file`);
    return { ...entry, key: (await readNamedFile(`${place}.key_file`, path, readFile)).trim() };
  }
  if (variable !== undefined) {
    const name = nonEmptyText(variable, `${place}.key_env`);
    const key = env[name];
    if (key !== undefined && key !== "") return { ...entry, key };
    // Whoever wrote the key itself here must not read it in a log.
    const shown = /^[A-Z][A-Z0-9_]*$/.test(name) ? `the environment variable ${name}` : "the variable that it names";
    throw new ConfigurationError(`${place}.key_env: ${shown} is not set`);
  }
  return entry;
}

function nonEmptyText(value: unknown, key: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ConfigurationError(`${key}: expected text`);
}
