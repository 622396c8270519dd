import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigurationError } from "./configuration-error.ts";
import type { Configuration } from "./schema.ts";

const reasons: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "it is a file",
  ENOSPC: "the disk is full",
};

/** Makes sure that the database's folder exists, readable by its owner alone since it holds prompts, and can be written. */
export async function prepareDataFolder({ db, data }: Pick<Configuration, "db" | "data">): Promise<void> {
  if (db === ":memory:") return;
  const folder = dirname(db);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const key = folder === dirname(`${data}/_`) ? "data" : "db";
    throw new ConfigurationError(`${key}: cannot write to the folder ${folder} (${reasons[code] ?? code})`, { cause });
  }
}
