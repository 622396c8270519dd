import type { Database } from "better-sqlite3";
import { HubError } from "../schema/core/error.ts";

type Job = { write: () => unknown; resolve: (value: never) => void; reject: (reason: unknown) => void };

/** Writes that share transactions. */
export type GroupCommit = {
  /** Runs `write` inside the next transaction; resolves with its value once that is committed. */
  write<T>(write: () => T): Promise<T>;
  /** Commits what waits, at once. */
  flush(): void;
};

/**
 * How many turns of the event loop the first write waits for others. They pass at once while there is nothing else to do;
 * the more there is, the more writes each of them brings, and the less does each pay for its transaction.
 */
const TURNS = 3;

/**
 * Collects the writes that arrive within a few turns of the event loop and commits them in one transaction, so that the cost
 * of durability does not grow with the number of streams. If one of them fails, all are undone and each is tried alone: only
 * the one at fault fails.
 */
export function createGroupCommit(database: Database): GroupCommit {
  let waiting: Job[] = [];

  function commit(jobs: readonly Job[]): unknown[] {
    database.exec("BEGIN IMMEDIATE");
    try {
      const values = jobs.map((job) => job.write());
      database.exec("COMMIT");
      return values;
    } catch (error) {
      if (database.inTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  function settle(jobs: readonly Job[]): void {
    let values: unknown[];
    try {
      values = commit(jobs);
    } catch (error) {
      if (jobs.length > 1) for (const job of jobs) settle([job]);
      else if (isFull(error)) retryInRoom(jobs);
      else for (const job of jobs) job.reject(error);
      return;
    }
    resolveAll(jobs, values);
  }

  /** On a full disk, what the log holds may be moved into the database file, which makes room in the log. */
  function retryInRoom(jobs: readonly Job[]): void {
    try {
      database.pragma("wal_checkpoint(TRUNCATE)");
      resolveAll(jobs, commit(jobs));
    } catch (error) {
      for (const job of jobs) job.reject(asHubError(error));
    }
  }

  function resolveAll(jobs: readonly Job[], values: readonly unknown[]): void {
    for (const [index, job] of jobs.entries()) job.resolve(values[index] as never);
  }

  function flush(): void {
    const jobs = waiting;
    waiting = [];
    if (jobs.length > 0) settle(jobs);
  }

  function flushAfter(turns: number): void {
    if (turns === 0) flush();
    else setImmediate(flushAfter, turns - 1);
  }

  return {
    write: (write) =>
      new Promise((resolve, reject) => {
        waiting.push({ write, resolve, reject });
        if (waiting.length === 1) flushAfter(TURNS);
      }),
    flush,
  };
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "SQLITE_FULL";
}

function asHubError(error: unknown): unknown {
  return isFull(error)
    ? new HubError("storage_full", "The disk that holds the database is full.", { cause: error })
    : error;
}
