import { Command } from "commander";
import { addSettingsFlags, givenSettings } from "../../server/commands/parser/settings-flags.ts";
import type { GivenSettings } from "../../server/configuration/given-settings.ts";

/** What flags say of the settings. */
export function parsedSettings(flags: readonly string[]): GivenSettings {
  const command = new Command().exitOverride();
  addSettingsFlags(command);
  command.parse([...flags], { from: "user" });
  return givenSettings(command);
}
