import { closeSync, existsSync, linkSync, openSync, realpathSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { HubError } from "../schema/core/error.ts";
import { connectToRead } from "./connect-to-read.ts";
import type { Driver } from "./driver.ts";
import { syncFile, syncName } from "./sync-to-disk.ts";
import { refuseUnusable, schemaState } from "./upgrade.ts";

/** Pages that are copied at a time: four megabytes, as a rule. */
const PAGES = 1024;

/**
 * Copies a data file, which a hub may be serving and writing at full speed, as it is at this moment. The copy is one file,
 * readable by its owner alone, and has its name once it is whole and on the disk; a name that is taken is refused. Told of
 * `progress` are pages; what that throws ends the backup. Rejects with `HubError` (`failed_precondition`, `storage_full`).
 */
export async function backUp(
  driver: Driver,
  file: string,
  target: string,
  progress: (done: number, total: number) => void = () => {},
): Promise<void> {
  if (!existsSync(file)) throw refusal(`There is no data file ${file}.`);
  const state = schemaState(file, driver);
  // What a newer version wrote is worth keeping too.
  if (state.file === "foreign") refuseUnusable(file, state);
  if (existsSync(target)) throw refusal(`${target} exists already; name a file that does not.`);
  const partial = `${target}.partial-${process.pid}`;
  claim(partial, target);
  try {
    await copy(driver, realpathSync(file), partial, progress);
    makeWhole(driver, partial);
    giveName(partial, target);
  } catch (error) {
    for (const ending of ["", "-journal", "-wal", "-shm"]) rmSync(`${partial}${ending}`, { force: true });
    throw asTold(error, target);
  }
}

async function copy(
  driver: Driver,
  file: string,
  partial: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const source = connectToRead(file, driver);
  try {
    // SQLite begins a copy anew whenever another process has written, which would never end. Whoever reads within a
    // transaction sees one moment of the file for as long as that lasts.
    source.exec("BEGIN");
    source.prepare("select count(*) from sqlite_schema").get();
    const { totalPages } = await source.backup(partial, {
      progress({ totalPages: total, remainingPages: left }) {
        progress(total - left, total);
        return PAGES;
      },
    });
    progress(totalPages, totalPages);
  } finally {
    source.close();
  }
}

/** The copy says of itself that it has a log beside it, as the original has. It is to be one file. */
function makeWhole(driver: Driver, partial: string): void {
  const connection = driver.connect(partial, { fileMustExist: true });
  try {
    connection.pragma("journal_mode = DELETE");
  } finally {
    connection.close();
  }
  syncFile(partial);
}

/** Empty, it is taken by SQLite as if it was not there, and keeps its mode. */
function claim(partial: string, target: string): void {
  try {
    closeSync(openSync(partial, "wx", 0o600));
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOSPC") throw asTold(error, target);
    throw refusal(
      code === "EEXIST"
        ? `${partial} exists: another backup is under way, or one was broken off. Remove it, and try again.`
        : `Cannot write to the folder ${dirname(partial)} (${code}).`,
    );
  }
}

/** A second name is given to a file only if it is free; where a file system has no second names, a look must do. */
function giveName(partial: string, target: string): void {
  try {
    linkSync(partial, target);
  } catch {
    if (existsSync(target)) throw refusal(`${target} was made by another program meanwhile.`);
    renameSync(partial, target);
  }
  rmSync(partial, { force: true });
  syncName(target);
}

function asTold(error: unknown, target: string): unknown {
  const code = codeOf(error);
  return code === "SQLITE_FULL" || code === "ENOSPC"
    ? new HubError("storage_full", `There is no room for ${target}.`, { cause: error })
    : error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function refusal(message: string): HubError {
  return new HubError("failed_precondition", message);
}
