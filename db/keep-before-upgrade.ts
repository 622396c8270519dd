import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "better-sqlite3";
import { HubError } from "../schema/core/error.ts";
import { syncFile, syncName } from "./sync-to-disk.ts";

/** Bytes of two files that are compared at a time. */
const CHUNK = 1 << 20;

/**
 * Keeps what a file holds beside it before its tables become those of schema `next`, readable by its owner alone; gives the
 * copy's name, which is there once the copy is whole and on the disk. An upgrade that was broken off finds its copy and
 * makes no other.
 */
export function keepBeforeUpgrade(connection: Database, file: string, next: number): string {
  refuseIfTight(connection, file);
  const partial = `${nameOf(file, next, 1)}.partial`;
  rmSync(partial, { force: true });
  try {
    // Empty, it is taken by SQLite as if it was not there, and keeps its mode.
    closeSync(openSync(partial, "wx", 0o600));
    connection.prepare("vacuum into ?").run(partial);
    syncFile(partial);
    const kept = firstFit(partial, file, next);
    renameSync(partial, kept);
    syncName(kept);
    return kept;
  } catch (error) {
    rmSync(partial, { force: true });
    throw asTold(error, file);
  }
}

/** The copy of an upgraded file that a program which knows schemas up to `known` can open; `undefined` if there is none. */
export function keptBefore(file: string, known: number): string | undefined {
  for (let next = known + 1; next > 1; next -= 1) {
    let kept: string | undefined;
    for (let count = 1; existsSync(nameOf(file, next, count)); count += 1) kept = nameOf(file, next, count);
    if (kept !== undefined) return kept;
  }
  return undefined;
}

function nameOf(file: string, next: number, count: number): string {
  return `${file}.before-${next}${count === 1 ? "" : `-${count}`}.db`;
}

/** A name that is free, or that of a copy with the same bytes. One with others may be all that is left of something. */
function firstFit(partial: string, file: string, next: number): string {
  for (let count = 1; ; count += 1) {
    const name = nameOf(file, next, count);
    if (!existsSync(name) || haveSameBytes(partial, name)) return name;
  }
}

function haveSameBytes(one: string, other: string): boolean {
  if (statSync(one).size !== statSync(other).size) return false;
  const files = [openSync(one, "r"), openSync(other, "r")] as const;
  const chunks = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)] as const;
  try {
    for (;;) {
      const [read, readToo] = [readSync(files[0], chunks[0]), readSync(files[1], chunks[1])];
      if (read !== readToo || !chunks[0].subarray(0, read).equals(chunks[1].subarray(0, read))) return false;
      if (read === 0) return true;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** Said before anything is begun, because a disk that runs full in between troubles others too. */
function refuseIfTight(connection: Database, file: string): void {
  const bytes =
    Number(connection.pragma("page_count", { simple: true })) *
    Number(connection.pragma("page_size", { simple: true }));
  if (roomBeside(file) < bytes) throw tooLittleRoom(file, `${Math.ceil(bytes / 1e6)} MB`);
}

/** Some file systems do not tell. */
function roomBeside(file: string): number {
  try {
    const { blocks, bavail, bsize } = statfsSync(dirname(file));
    return blocks > 0 ? bavail * bsize : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function asTold(error: unknown, file: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "SQLITE_FULL" || code === "ENOSPC" ? tooLittleRoom(file, "more", error) : error;
}

function tooLittleRoom(file: string, needed: string, cause?: unknown): HubError {
  return new HubError(
    "storage_full",
    `${file} needs an upgrade, and there is no room for the copy that is made of it before. It is left as it is; make room for ${needed} in ${dirname(file)}.`,
    { cause },
  );
}
