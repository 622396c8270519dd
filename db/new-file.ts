import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { HubError } from "../schema/core/error.ts";
import { syncName } from "./sync-to-disk.ts";

/** A file that is being written, under a name that tells that it is not whole. */
export type NewFile = {
  /** Where it is written. It is there already, empty, and readable by its owner alone. */
  partial: string;
  /** Gives it its name, once it is whole and on the disk; throws if that is taken by now. */
  keep(): void;
  /** Leaves nothing of it. */
  discard(): void;
  /** What an error that broke the writing off is for people. */
  explain(error: unknown): unknown;
};

/** Begins a file that must not exist yet. Throws `HubError` (`failed_precondition`, `storage_full`). */
export function beginFile(target: string): NewFile {
  if (existsSync(target)) throw refusal(`${target} exists already; name a file that does not.`);
  const partial = `${target}.partial-${process.pid}`;
  claim(partial, target);
  return {
    partial,
    keep: () => giveName(partial, target),
    discard() {
      // SQLite keeps files of its own beside one that it writes.
      for (const ending of ["", "-journal", "-wal", "-shm"]) rmSync(`${partial}${ending}`, { force: true });
    },
    explain: (error) => explained(error, target),
  };
}

/** Empty, it is taken by SQLite as if it was not there, and keeps its mode. */
function claim(partial: string, target: string): void {
  try {
    closeSync(openSync(partial, "wx", 0o600));
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOSPC") throw explained(error, target);
    throw refusal(
      code === "EEXIST"
        ? `${partial} exists: another command is writing it, or one was broken off. Remove it, and try again.`
        : `Cannot write to the folder ${dirname(partial)} (${code}).`,
    );
  }
}

/** A second name is given to a file only if it is free; where a file system has no second names, a look must do. */
function giveName(partial: string, target: string): void {
  try {
    linkSync(partial, target);
  } catch (error) {
    if (codeOf(error) === "EEXIST" || existsSync(target)) {
      throw refusal(`${target} was made by another program meanwhile.`);
    }
    renameSync(partial, target);
  }
  rmSync(partial, { force: true });
  syncName(target);
}

function explained(error: unknown, target: string): unknown {
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
