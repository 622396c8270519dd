import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";

/** The steps from an empty file to the tables of this program, oldest first. Builds put the list itself in this file's place. */
export function readMigrations(): MigrationMeta[] {
  return readMigrationFiles({ migrationsFolder: join(dirname(fileURLToPath(import.meta.url)), "..", "migrations") });
}
