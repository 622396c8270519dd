import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Returns once what a file holds would outlive a power cut. Not for a file that SQLite has open in this process: to close it
 * would let go of SQLite's locks.
 */
export function syncFile(path: string): void {
  sync(path, "r+");
}

/** The same for the name of a file. Some systems let nobody open or sync a folder; they keep names by themselves. */
export function syncName(path: string): void {
  try {
    sync(dirname(path), "r");
  } catch {
    // What the name stands for is on the disk already.
  }
}

function sync(path: string, flags: "r" | "r+"): void {
  const opened = openSync(path, flags);
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
