import { loadConfiguration } from "../configuration/load-configuration.ts";
import { settings as known } from "../configuration/schema.ts";
import { givenAddress } from "./client/hub-address.ts";
import type { CommandContext } from "./command-context.ts";

const key = "limits.body_bytes";

/**
 * How many bytes a request to the hub may hold. What the settings of this machine say of another hub is nothing, but for this
 * one limit where the flag or the variable gives it.
 */
export async function mostToSend(context: CommandContext): Promise<number> {
  const { outside, settings } = context;
  const isElsewhere = givenAddress(context) !== undefined;
  const value = settings.values.get(key);
  const variable = known.find((setting) => setting.key === key)?.variable ?? "";
  const { limits } = isElsewhere
    ? await loadConfiguration(
        { config: undefined, values: new Map(value === undefined ? [] : [[key, value]]) },
        { [variable]: outside.env[variable] },
        outside.readFile,
      )
    : await loadConfiguration(settings, outside.env, outside.readFile);
  return limits.body_bytes;
}
