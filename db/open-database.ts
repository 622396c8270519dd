import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { HubError } from "../schema/core/error.ts";

/** An open database: the driver's connection, drizzle over it, and how to let go of both. */
export type OpenDatabase = { connection: Database.Database; drizzle: BetterSQLite3Database; close(): void };

const migrationsFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "migrations");

/**
 * Opens a file (made if absent, with its folder) or `:memory:`, and brings its tables up to date. A file is held by one
 * hub at a time: a second one gets a `failed_precondition`, because it would end the first one's running interactions.
 */
export function openDatabase(file: string): OpenDatabase {
  const inMemory = file === ":memory:";
  if (!inMemory) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = inMemory ? undefined : holdLock(`${realPath(file)}.lock`, file);
  try {
    const connection = new Database(file);
    // busy_timeout comes first, so that it already covers the change of the journal mode.
    for (const pragma of [
      "busy_timeout = 5000",
      "journal_mode = WAL",
      "synchronous = NORMAL",
      "foreign_keys = ON",
      "journal_size_limit = 67108864",
      "cache_size = -16000",
      // Four times the default: pages that many small commits touch are then copied back once, not every time.
      "wal_autocheckpoint = 4000",
    ]) {
      connection.pragma(pragma);
    }
    const database = drizzle(connection);
    migrate(database, { migrationsFolder });
    // A file that can only be read is found out now, not at the first request.
    connection.exec("BEGIN IMMEDIATE; COMMIT");
    return {
      connection,
      drizzle: database,
      close() {
        connection.close();
        lock?.close();
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/** The file behind links, so that it has one lock under all of its names. */
function realPath(file: string): string {
  return existsSync(file) ? realpathSync(file) : join(realpathSync(dirname(file)), basename(file));
}

/** An exclusive lock that the operating system lets go of when the process ends, however it ends. */
function holdLock(lockFile: string, file: string): Database.Database {
  const lock = new Database(lockFile, { timeout: 0 });
  try {
    lock.pragma("journal_mode = DELETE");
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY")) {
      throw new HubError(
        "failed_precondition",
        `Another hub is using ${file}. Stop it, or give this one its own --db.`,
      );
    }
    throw error;
  }
}
