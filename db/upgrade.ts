import { existsSync, realpathSync } from "node:fs";
import type { Database } from "better-sqlite3";
import type { MigrationMeta } from "drizzle-orm/migrator";
import { HubError } from "../schema/core/error.ts";
import { connectToRead } from "./connect-to-read.ts";
import type { Driver } from "./driver.ts";
import { keptBefore } from "./keep-before-upgrade.ts";
import { readMigrations } from "./migrations.ts";

/**
 * What a file is to this program: `absent` (nothing is there yet, or nothing in it), with the tables of this program
 * (`current`), an earlier or a later one, or `foreign`: no database, or one of something else. `applied` is the number of its
 * schema, `known` that of ours: both count the migrations that led there.
 */
export type SchemaState = {
  file: "absent" | "current" | "older" | "newer" | "foreign";
  applied: number;
  known: number;
};

/** Looks at a file, which may be in use, and changes nothing. Throws what the driver throws where it cannot be read. */
export function schemaState(
  file: string,
  driver: Driver,
  known: readonly MigrationMeta[] = readMigrations(),
): SchemaState {
  if (!existsSync(file)) return { file: "absent", applied: 0, known: known.length };
  const connection = connectToRead(realpathSync(file), driver);
  try {
    return readSchema(connection, known);
  } finally {
    connection.close();
  }
}

/** Like `schemaState`, of what is open already. */
export function readSchema(connection: Database, known: readonly MigrationMeta[]): SchemaState {
  const state = (file: SchemaState["file"], applied: number): SchemaState => ({ file, applied, known: known.length });
  try {
    const tables = connection.prepare<[], string>("select name from sqlite_schema").pluck().all();
    const applied = tables.includes("__drizzle_migrations") ? appliedTo(connection) : [];
    const steps = known.map(({ folderMillis }) => folderMillis);
    // Earlier programs made the list of migrations first, and could be killed before the rest.
    if (applied.length === 0) return state(tables.every((name) => isOfList(name)) ? "absent" : "foreign", 0);
    if (applied[0] !== steps[0]) return state("foreign", 0);
    if (applied.some((step) => !steps.includes(step))) return state("newer", applied.length);
    return state(applied.length < steps.length ? "older" : "current", applied.length);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "SQLITE_NOTADB") return state("foreign", 0);
    throw error;
  }
}

/** Refuses a file that is not ours, or that is ahead of us. */
export function refuseUnusable(file: string, { file: kind, applied, known }: SchemaState): void {
  if (kind === "foreign") {
    throw new HubError(
      "failed_precondition",
      `${file} is no data file of Interactions Hub: no database, or one of another program. It is left as it is; give the hub a file of its own with --db.`,
    );
  }
  if (kind !== "newer") return;
  const kept = keptBefore(realpathSync(file), known);
  const orKept =
    kept === undefined
      ? ""
      : ` The newest copy from before an upgrade that this version can open is ${kept}, without what was stored since.`;
  throw new HubError(
    "failed_precondition",
    `${file} was written by a newer version: its schema is number ${applied}, this version knows up to ${known}. It is left as it is; run that version or a later one, or give this one another file with --db.${orKept}`,
  );
}

/** Brings tables up to date in one transaction: whatever happens, they are as they were or as they should be. */
export function upgrade(connection: Database, known: readonly MigrationMeta[]): void {
  // With foreign keys on, a step that rebuilds a table would take the rows along that refer to it. In a transaction the
  // setting cannot be changed, so what refers to nothing is looked for at the end.
  connection.pragma("foreign_keys = OFF");
  try {
    connection.exec("BEGIN IMMEDIATE");
    applyDue(connection, known);
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw asTold(error, connection.name);
  } finally {
    connection.pragma("foreign_keys = ON");
  }
}

function asTold(error: unknown, file: string): unknown {
  if (!(error instanceof Error && "code" in error && error.code === "SQLITE_FULL")) return error;
  const message = `The disk is full, so the tables of ${file} could not be brought up to date. They are as they were; make room.`;
  return new HubError("storage_full", message, { cause: error });
}

function applyDue(connection: Database, known: readonly MigrationMeta[]): void {
  // The table is drizzle's, whose tools read it too.
  connection.exec(`create table if not exists __drizzle_migrations (
    id SERIAL PRIMARY KEY,
    hash text NOT NULL,
    created_at numeric
  )`);
  const applied = appliedTo(connection);
  const note = connection.prepare<[string, number]>(
    "insert into __drizzle_migrations (hash, created_at) values (?, ?)",
  );
  for (const { sql, hash, folderMillis } of known) {
    if (applied.includes(folderMillis)) continue;
    for (const statement of sql) connection.exec(statement);
    note.run(hash, folderMillis);
  }
  if (applied.length === 0) return;
  const [broken] = connection.pragma("foreign_key_check") as { table: string; parent: string }[];
  if (broken !== undefined) {
    throw new Error(`The upgrade would leave rows of ${broken.table} that refer to nothing in ${broken.parent}.`);
  }
}

function appliedTo(connection: Database): number[] {
  const created = connection.prepare<[], unknown>("select created_at from __drizzle_migrations order by created_at");
  return created.pluck().all().map(Number);
}

/** Whether a name belongs to drizzle's list: its table, and the index that SQLite makes for the key. */
function isOfList(name: string): boolean {
  return name === "__drizzle_migrations" || name.startsWith("sqlite_autoindex___drizzle_migrations");
}
