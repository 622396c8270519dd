import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigurationError } from "./configuration-error.ts";
import { folderFailure } from "./folder-failure.ts";
import type { Configuration } from "./schema.ts";

/** Makes sure that the database's folder exists, readable by its owner alone since it holds prompts, and can be written. */
export async function prepareDataFolder({ db, data }: Pick<Configuration, "db" | "data">): Promise<void> {
  if (db === ":memory:") return;
  const folder = dirname(db);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const key = folder === dirname(`${data}/_`) ? "data" : "db";
    throw new ConfigurationError(`${key}: cannot write to the folder ${folder} (${folderFailure(cause)})`, { cause });
  }
}
