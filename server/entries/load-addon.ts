import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigurationError } from "../configuration/configuration-error.ts";
import { type PackedAddon, removeOtherAddons, unpackAddon } from "./unpack-addon.ts";

/**
 * Unpacks an addon into a folder, verifies it and loads it: one in a process, because a second one that is held under the same
 * number would be taken for the first. Rejects with a `ConfigurationError` that says what to do.
 */
export async function loadAddon(dataFolder: string, addon: PackedAddon): Promise<object> {
  // A name without a folder before it is looked for among the libraries of the system.
  const folder = resolve(dataFolder);
  const { path, file } = await unpackAddon(folder, addon);
  const loaded = { exports: {} };
  try {
    // Where the system has a name for an open file, what was verified is what is loaded, whoever changes the folder now.
    const held = `/proc/self/fd/${file.fd}`;
    process.dlopen(loaded, existsSync(held) ? held : path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      `data: cannot load the addon of the database from ${path} (${reason}); if programs may not run in that folder (noexec), choose another with --data`,
      { cause },
    );
  } finally {
    await file.close();
  }
  await removeOtherAddons(folder, addon);
  return loaded.exports;
}
