import { ConfigurationError } from "./configuration-error.ts";
import { didYouMean } from "./did-you-mean.ts";
import { settings } from "./schema.ts";
import { variablePrefix } from "./setting.ts";

/** Names and values of environment variables. */
export type EnvironmentVariables = { readonly [name: string]: string | undefined };

/** The variable that names the YAML file. */
export const fileVariable = `${variablePrefix}CONFIG`;

/** Where a hub is that commands are to speak to, and the key to send there. They are no settings of a hub. */
export const clientVariables = { url: `${variablePrefix}URL`, key: `${variablePrefix}KEY` } as const;

const keys = new Map(settings.map(({ variable, key }) => [variable, key]));

/**
 * The settings that the environment holds, by key. An empty variable counts as absent, as with most programs, because
 * container tools cannot unset one.
 */
export function readVariables(env: EnvironmentVariables): Map<string, string> {
  const values = new Map<string, string>();
  for (const [variable, key] of keys) {
    const value = env[variable];
    if (value !== undefined && value !== "") values.set(key, value);
  }
  return values;
}

/** Refuses variables that have the hub's prefix but are no setting; `others` are further ones that the settings refer to. */
export function refuseUnknownVariables(env: EnvironmentVariables, others: ReadonlySet<string>): void {
  const own = [fileVariable, ...Object.values(clientVariables)];
  for (const name of Object.keys(env)) {
    if (!name.startsWith(variablePrefix) || own.includes(name) || others.has(name) || keys.has(name)) continue;
    const hint = didYouMean(name, [...keys.keys(), ...own]);
    throw new ConfigurationError(`unknown environment variable ${name}${hint}`);
  }
}
