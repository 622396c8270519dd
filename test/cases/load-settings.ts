import { expect } from "vitest";
import { ConfigurationError } from "../../server/configuration/configuration-error.ts";
import { loadConfiguration } from "../../server/configuration/load-configuration.ts";
import type { Configuration } from "../../server/configuration/schema.ts";
import { parsedSettings } from "./parsed-settings.ts";

type Texts = { [name: string]: string };

/** Loads settings from flags, variables and files that exist only here. */
export async function load(argv: string[], env: Texts = {}, files: Texts = {}): Promise<Configuration> {
  return loadConfiguration(parsedSettings(argv), env, async (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return text;
  });
}

/** The one line by which settings are refused. */
export async function refusal(argv: string[], env: Texts = {}, files: Texts = {}): Promise<string> {
  const error = await load(argv, env, files).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  const { message } = error as ConfigurationError;
  expect(message).not.toContain("\n");
  return message;
}

/** The arguments that load one YAML file. */
export function withFile(yaml: string): [string[], Texts, Texts] {
  return [["--config", "hub.yaml"], {}, { "hub.yaml": yaml }];
}
