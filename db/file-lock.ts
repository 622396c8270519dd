import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { Database } from "better-sqlite3";
import { HubError } from "../schema/core/error.ts";
import type { Driver } from "./driver.ts";

/** Milliseconds that a hub waits for a lock: somebody may be looking just now whether it is held. */
const PATIENCE = 300;

/** For what a file is held: to serve it, or for one command alone, which nobody else can ask anything. */
export type HeldBy = "hub" | "command";

/** Who holds a file. What is not known is absent: `url` (without a slash at the end) and `started_at` while it starts. */
export type RunningServer = {
  pid?: number;
  /** Whether it is a command, which has no `url` and is soon gone. */
  command?: true;
  url?: string;
  /** Milliseconds since 1970. */
  started_at?: number;
};

/** A file that is held. */
export type FileLock = {
  /** Tells others where who holds the file can be asked. That is for people: the lock holds without it. */
  announce(server: { url: string; started_at: number }): void;
  release(): void;
};

/**
 * Holds a file, named without links, until it is released or the process ends, however it ends: the operating system lets
 * go of the lock. Beside it stands who holds it, which means nothing while the lock is free.
 */
export function holdFile(file: string, driver: Driver, by: HeldBy = "hub"): FileLock {
  // Only if it is absent: to close a file lets go of the locks that this process has on it.
  if (!existsSync(`${file}.lock`)) closeSync(openSync(`${file}.lock`, "a", 0o600));
  const lock = driver.connect(`${file}.lock`, { timeout: PATIENCE });
  try {
    lock.pragma("journal_mode = DELETE");
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    throw isBusy(error) ? refusal(file, readRecord(file)) : error;
  }
  writeRecord(file, { pid: process.pid, ...(by === "command" ? { command: true } : {}) });
  return {
    announce: (server) => writeRecord(file, { pid: process.pid, ...server }),
    release() {
      rmSync(recordOf(file), { force: true });
      lock.close();
    },
  };
}

/** Who holds a file at this moment, under whichever name it is given; `undefined` if nobody does. */
export function runningServer(file: string, driver: Driver): RunningServer | undefined {
  if (!existsSync(file)) return undefined;
  const real = realpathSync(file);
  if (!existsSync(`${real}.lock`)) return undefined;
  const lock: Database = driver.connect(`${real}.lock`, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    // Only who holds it exclusively keeps others from reading.
    lock.prepare("select count(*) from sqlite_schema").get();
    return undefined;
  } catch (error) {
    if (isBusy(error)) return readRecord(real);
    throw error;
  } finally {
    lock.close();
  }
}

/** In words that follow an article: `hub (process 7, http://127.0.0.1:4460)`. */
export function describeHolder({ pid, url, command }: RunningServer): string {
  const known = [...(pid === undefined ? [] : [`process ${pid}`]), ...(url === undefined ? [] : [url])].join(", ");
  return `${command === true ? "command" : "hub"}${known === "" ? "" : ` (${known})`}`;
}

/** It may be tried again, for the other one may be gone at any moment. */
function refusal(file: string, holder: RunningServer): HubError {
  const advice =
    holder.command === true
      ? "Try again when it has ended, or name another file with --db."
      : "Stop it, or give this one its own --db.";
  const message = `Another ${describeHolder(holder)} is using ${file}. ${advice}`;
  return new HubError("failed_precondition", message, { retryAfter: 1 });
}

function recordOf(file: string): string {
  return `${file}.server`;
}

/** A disk that is full keeps nobody from serving what is stored; then others are told less. */
function writeRecord(file: string, record: RunningServer): void {
  const next = `${recordOf(file)}.next`;
  try {
    rmSync(recordOf(file), { force: true });
    writeFileSync(next, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    renameSync(next, recordOf(file));
  } catch {
    rmSync(next, { force: true });
  }
}

function readRecord(file: string): RunningServer {
  let record: unknown;
  try {
    record = JSON.parse(readFileSync(recordOf(file), "utf8"));
  } catch {
    return {};
  }
  if (typeof record !== "object" || record === null) return {};
  const { pid, command, url, started_at } = record as { [name: string]: unknown };
  return {
    ...(typeof pid === "number" ? { pid } : {}),
    ...(command === true ? { command } : {}),
    ...(typeof url === "string" ? { url } : {}),
    ...(typeof started_at === "number" ? { started_at } : {}),
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}
