import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { begunAs, imageOf, storeEnded } from "../cases/store.ts";
import { carryOut, plans } from "./arbitrary-archive.ts";
import { foundIn, openArchive } from "./open-archive.ts";

const migrations = join(import.meta.dirname, "..", "..", "migrations");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-migration-"));
  const landed = ["0000_initial", "0001_upstreams"];
  mkdirSync(join(folder, "migrations", "meta"), { recursive: true });
  for (const tag of landed) copyFileSync(join(migrations, `${tag}.sql`), join(folder, "migrations", `${tag}.sql`));
  const journal = JSON.parse(readFileSync(join(migrations, "meta", "_journal.json"), "utf8"));
  const entries = journal.entries.filter(({ tag }: { tag: string }) => landed.includes(tag));
  writeFileSync(join(folder, "migrations", "meta", "_journal.json"), JSON.stringify({ ...journal, entries }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a file as it was before there was an archive, with what another file has. */
function takeBack(from: string, to: string): void {
  const old = new Database(to);
  migrate(drizzle(old), { migrationsFolder: join(folder, "migrations") });
  old.prepare("attach ? as made").run(from);
  for (const table of ["interactions", "steps", "events", "blobs", "blob_uses"]) {
    const columns = old.prepare<[string], string>('select "name" from pragma_table_info(?)').pluck().all(table);
    const list = columns.map((column) => `"${column}"`).join(", ");
    old.exec(`insert into main.${table} (${list}) select ${list} from made.${table}`);
  }
  old.close();
}

/** The rows of a table, whatever their order. */
function rowsOf({ storage }: ReturnType<typeof openArchive>, table: string): unknown[] {
  const rows = storage.database.connection.prepare(`select * from ${table}`).all();
  return rows.map((row) => JSON.stringify(row)).sort();
}

test("a file from before there was an archive gets the same rows as if it had always been there", async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(plans, async (drawn) => {
      round += 1;
      const [made, old] = [join(folder, `made-${round}.db`), join(folder, `old-${round}.db`)];
      const before = openArchive(made);
      await carryOut(
        drawn.map((plan) => ({ ...plan, removal: 1 })),
        before,
      );
      await storeEnded(before.store, begunAs("image", { input: [{ type: "user_input", content: [imageOf(1)] }] }));
      await before.archive.search({ text: "tea" }, { limit: 1 });
      const tables = ["labels", "tool_uses", "usage_by_day", "blob_uses", "steps_text_docsize"];
      const expected = tables.map((table) => rowsOf(before, table));
      const everything = await before.archive.list({}, { by: "created", direction: "ascending" }, { limit: 100 });
      const hits = foundIn(await before.archive.search({ text: "tea*" }, { limit: 100 }));
      await before.store.close();

      takeBack(made, old);
      const after = openArchive(old);
      expect(tables.map((table) => rowsOf(after, table))).toEqual(expected);
      expect(await after.archive.list({}, { by: "created", direction: "ascending" }, { limit: 100 })).toEqual(
        everything,
      );
      expect(foundIn(await after.archive.search({ text: "tea*" }, { limit: 100 }))).toEqual(hits);
      const changes = await after.archive.changed_since(0, {}, 100);
      expect(changes.changes.map(({ id }) => id)).toEqual(everything.edges.map(({ node }) => node.id));
      const { id } = await storeEnded(after.store, begunAs("later"));
      expect((await after.archive.changed_since(changes.cursor, {}, 100)).changes).toMatchObject([{ id }]);
      const times = { created_from: 1000, created_before: 90_000_000 };
      expect(await after.archive.count(times)).toBe(
        [...everything.edges.map(({ node }) => node.created_at), 1000].filter((at) => at >= 1000 && at < 90_000_000)
          .length,
      );
      await after.store.close();
    }),
    { numRuns: 15 },
  );
});
