import { closeSync, existsSync, mkdirSync, openSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import type { MigrationMeta } from "drizzle-orm/migrator";
import { HubError } from "../schema/core/error.ts";
import type { Driver } from "./driver.ts";
import { type FileLock, type HeldBy, holdFile } from "./file-lock.ts";
import { keepBeforeUpgrade } from "./keep-before-upgrade.ts";
import { readMigrations } from "./migrations.ts";
import { readSchema, refuseUnusable, type SchemaState, schemaState, upgrade } from "./upgrade.ts";

/** The numbers of a file's schema before and after, and where the file as it was is kept. */
export type Upgrade = { from: number; to: number; kept: string };

/** An open database: the driver's connection, drizzle over it, and how to let go of both. */
export type OpenDatabase = {
  connection: Database;
  drizzle: BetterSQLite3Database;
  /** What was done to the tables of an older file; absent if nothing had to be. */
  upgraded: Upgrade | undefined;
  /** Tells those who find the file held where its holder can be asked. */
  announce: FileLock["announce"];
  close(): void;
};

/** Told before a file is upgraded, which takes as long as its tables are large. */
export type Upgrading = (step: Pick<Upgrade, "from" | "to">) => void;

const pragmas = [
  "journal_mode = WAL",
  "synchronous = NORMAL",
  "foreign_keys = ON",
  "journal_size_limit = 67108864",
  "cache_size = -16000",
  // Four times the default: pages that many small commits touch are then copied back once, not every time.
  "wal_autocheckpoint = 4000",
];

/**
 * Opens a file (made if absent, with its folder) or `:memory:`, and brings its tables up to date; an older file is kept
 * beside it. A file is held by one hub at a time: a second one gets a `failed_precondition`, because it would end the first
 * one's running interactions. So do a file that a newer version wrote, and one that is not ours; both stay as they are.
 */
export function openDatabase(
  file: string,
  driver: Driver,
  upgrading: Upgrading = () => {},
  heldBy: HeldBy = "hub",
): OpenDatabase {
  const migrations = readMigrations();
  if (file === ":memory:") return openHeld({ file, driver, migrations, upgrading });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  refuseAtSight(file, driver, migrations);
  // What it will hold is for its owner alone, in whichever folder; and what is there has one name behind all links.
  if (!existsSync(file)) make(file);
  const real = realpathSync(file);
  refuseSecondName(real);
  const lock = holdFile(real, driver, heldBy);
  try {
    return openHeld({ file: real, driver, migrations, upgrading, lock });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function make(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    const [code, reason] = error instanceof Error && "code" in error ? [error.code, error.message] : [];
    throw code === "ENOSPC"
      ? new HubError("storage_full", `The disk is full, so ${file} cannot be made.`, { cause: error })
      : new HubError("failed_precondition", `${file} cannot be made (${reason}).`, { cause: error });
  }
}

/** A hard link has a lock of its own, and a log of its own: two hubs would take what the other one has stored away. */
function refuseSecondName(file: string): void {
  if (statSync(file).nlink === 1) return;
  throw new HubError(
    "failed_precondition",
    `${file} has a second name (a hard link), under which another hub could use it unseen. Put a copy in its place: cp -p FILE COPY, then mv COPY FILE.`,
  );
}

/** Where nothing can be told without writing, whoever opens the file for writing finds out. */
function refuseAtSight(file: string, driver: Driver, migrations: readonly MigrationMeta[]): void {
  let state: SchemaState;
  try {
    state = schemaState(file, driver, migrations);
  } catch {
    return;
  }
  refuseUnusable(file, state);
}

type Held = {
  file: string;
  driver: Driver;
  migrations: readonly MigrationMeta[];
  upgrading: Upgrading;
  lock?: FileLock;
};

function openHeld(held: Held): OpenDatabase {
  const { file, driver, migrations, lock } = held;
  const connection = driver.connect(file);
  try {
    // It comes first, so that it already covers what follows, the change of the journal mode too.
    connection.pragma("busy_timeout = 5000");
    const state = readSchema(connection, migrations);
    refuseUnusable(file, state);
    for (const pragma of pragmas) connection.pragma(pragma);
    // A file that can only be read is found out now, not at the first request.
    connection.exec("BEGIN IMMEDIATE; COMMIT");
    const upgraded = bringUpToDate(connection, state, held);
    return {
      connection,
      drizzle: drizzle(connection),
      upgraded,
      announce: (server) => lock?.announce(server),
      close() {
        try {
          connection.close();
        } finally {
          lock?.release();
        }
      },
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function bringUpToDate(
  connection: Database,
  { file: kind, applied: from, known: to }: SchemaState,
  { file, migrations, upgrading }: Held,
): Upgrade | undefined {
  if (kind === "current") return undefined;
  if (kind === "absent") {
    upgrade(connection, migrations);
    return undefined;
  }
  upgrading({ from, to });
  const kept = keepBeforeUpgrade(connection, file, from + 1);
  upgrade(connection, migrations);
  return { from, to, kept };
}
