import { existsSync, realpathSync } from "node:fs";
import { HubError } from "../schema/core/error.ts";
import { connectToRead } from "./connect-to-read.ts";
import type { Driver } from "./driver.ts";
import { beginFile } from "./new-file.ts";
import { syncFile } from "./sync-to-disk.ts";
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
  if (!existsSync(file)) throw new HubError("failed_precondition", `There is no data file ${file}.`);
  const state = schemaState(file, driver);
  // What a newer version wrote is worth keeping too.
  if (state.file === "foreign") refuseUnusable(file, state);
  const copied = beginFile(target);
  try {
    await copy(driver, realpathSync(file), copied.partial, progress);
    makeWhole(driver, copied.partial);
    copied.keep();
  } catch (error) {
    copied.discard();
    throw copied.explain(error);
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
