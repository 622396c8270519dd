import { ConfigurationError } from "./configuration-error.ts";
import { didYouMean } from "./did-you-mean.ts";
import { settings } from "./schema.ts";
import { variablePrefix } from "./setting.ts";

/** Names and values of environment variables. */
export type EnvironmentVariables = { readonly [name: string]: string | undefined };

/** The variable that names the YAML file. */
export const fileVariable = `${variablePrefix}CONFIG`;

/**
 * The settings that the environment holds, by key. An empty variable counts as absent, as with most programs, because
 * container tools cannot unset one. `others` are further names with the hub's prefix that the file refers to.
 */
export function readVariables(env: EnvironmentVariables, others: ReadonlySet<string>): Map<string, string> {
  const keys = new Map(settings.map(({ variable, key }) => [variable, key]));
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(variablePrefix) || name === fileVariable || others.has(name)) continue;
    const key = keys.get(name);
    if (key === undefined) {
      const hint = didYouMean(name, [...keys.keys(), fileVariable]);
      throw new ConfigurationError(`unknown environment variable ${name}${hint}`);
    }
    if (value !== undefined && value !== "") values.set(key, value);
  }
  return values;
}
