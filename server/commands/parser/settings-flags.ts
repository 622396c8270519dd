import { type Command, Option } from "commander";
import type { GivenSettings } from "../../configuration/given-settings.ts";
import { settings } from "../../configuration/schema.ts";
import { usageError } from "./usage-error.ts";

const flags = settings.flatMap(({ flag, placeholder, key, description }) =>
  flag === undefined
    ? []
    : [{ key, option: new Option(`${flag} <${placeholder}>`, description.replaceAll("`", "")).hideHelp() }],
);
const config = new Option("--config <file>").hideHelp();
const secrets = settings.filter(({ secret }) => secret);

/** Those that need a value, as they are written. */
export const settingsFlags: readonly string[] = [config, ...flags.map(({ option }) => option)].map(
  ({ long }) => long ?? "",
);

/** Lets a command take the flags of all settings, which the help of the program lists, and says why it takes no secrets. */
export function addSettingsFlags(command: Command): void {
  if (command.options.includes(config)) return;
  command.addOption(config);
  for (const { option } of flags) command.addOption(option);
  for (const { key, variable } of secrets) {
    const option = new Option(`--${key.replaceAll("_", "-")} [list]`).hideHelp();
    command.addOption(option).on(`option:${option.name()}`, () => {
      throw usageError(
        `${option.long}: keys are not taken from the command line, which every user of the machine can read; ` +
          `set ${variable} or ${key} in the file`,
      );
    });
  }
}

/** What was given by the flags of `addSettingsFlags`. */
export function givenSettings(command: Command): GivenSettings {
  const textOf = (option: Option): string | undefined => {
    const value: unknown = command.getOptionValue(option.attributeName());
    return typeof value === "string" ? value : undefined;
  };
  const values = flags.flatMap(({ key, option }): [string, string][] => {
    const value = textOf(option);
    return value === undefined ? [] : [[key, value]];
  });
  return { config: textOf(config), values: new Map(values) };
}
