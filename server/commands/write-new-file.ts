import { link, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandFailure } from "./command-failure.ts";

/**
 * Writes a file that must not exist yet, readable by its owner alone. It has its name once it is whole and on the disk; if the
 * work fails, nothing is left.
 */
export async function writeNewFile<T>(
  path: string,
  work: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  const partial = `${path}.partial-${process.pid}`;
  await refuseTaken(path);
  const file = await open(partial, "wx", 0o600).catch((cause: unknown) => {
    throw new CommandFailure(`cannot write to the folder ${dirname(partial)} (${codeOf(cause)})`, { cause });
  });
  try {
    let done: T;
    try {
      done = await work(async (bytes) => {
        await file.writeFile(bytes);
      });
      await file.sync();
    } finally {
      await file.close();
    }
    await giveName(partial, path);
    return done;
  } catch (error) {
    await rm(partial, { force: true });
    throw codeOf(error) === "ENOSPC" ? new CommandFailure(`there is no room for ${path}`, { cause: error }) : error;
  }
}

async function refuseTaken(path: string): Promise<void> {
  const found = await open(path, "r").catch(() => undefined);
  await found?.close();
  if (found !== undefined) throw taken(path);
}

/** A second name is given to a file only if it is free; where a file system has no second names, a look must do. */
async function giveName(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
    await rm(partial, { force: true });
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw taken(path);
    await refuseTaken(path);
    await rename(partial, path);
  }
}

function taken(path: string): CommandFailure {
  return new CommandFailure(`${path} exists already; name a file that does not`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
