import { loadConfiguration } from "../configuration/load-configuration.ts";
import { maskedSettings, printConfiguration } from "../configuration/print-configuration.ts";
import type { CommandContext } from "./command-context.ts";
import { jsonLine } from "./terminal/json-line.ts";

/** Prints the settings that hold. */
export async function config({ outside, settings, json }: CommandContext): Promise<number> {
  const configuration = await loadConfiguration(settings, outside.env, outside.readFile);
  await outside.output.write(json ? jsonLine(maskedSettings(configuration)) : await printConfiguration(configuration));
  return 0;
}
