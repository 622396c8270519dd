import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createDriver } from "../../db/driver.ts";
import { readMigrations } from "../../db/migrations.ts";
import { openSqliteStore } from "../../db/sqlite-store.ts";
import { foldLog } from "../../schema/core/fold.ts";
import { logOf, schemaStory } from "./schema-story.ts";

// Writes the data file of this schema, and what this code reads from it. To be run once the schema has settled, by
// `node server/launch.mjs --run test/db/write-schema-fixture.ts`, and not again: later code could not write it.

const schema = readMigrations().length;
const folder = mkdtempSync(join(tmpdir(), "hub-schema-"));
const file = join(folder, "hub.db");
const driver = createDriver();
const store = openSqliteStore({ driver, file, mediaBytes: 1 << 20, lasting: true });
const told = [];
for (const one of schemaStory(schema)) {
  const log = logOf(one);
  const isEnded = one.events.at(-1)?.type === "finish";
  await store.insert(one.begun, log.slice(0, 1));
  await store.append(one.begun.id, log.slice(1, -1));
  if (isEnded) await store.finish(foldLog(one.begun, log), log.slice(-1));
  else await store.append(one.begun.id, log.slice(-1));
}
for (const { begun } of schemaStory(schema)) {
  const events = [];
  for (let after = 0; ; ) {
    const page = await store.events(begun.id, after, 100);
    events.push(...page);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.sequence;
  }
  const chain = (await store.chain(begun.id)).map(({ id }) => id);
  told.push({ interaction: await store.find(begun.id), events, chain });
}
await store.close();
const connection = driver.connect(file);
connection.pragma("wal_checkpoint(TRUNCATE)");
connection.exec("VACUUM");
connection.pragma("journal_mode = DELETE");
connection.close();
const target = join(import.meta.dirname, "..", "fixtures", "schemas");
writeFileSync(join(target, `schema-${schema}.db.gz`), gzipSync(readFileSync(file), { level: 9 }), { flag: "wx" });
writeFileSync(join(target, `schema-${schema}.json.gz`), gzipSync(JSON.stringify(told, null, 1), { level: 9 }), {
  flag: "wx",
});
rmSync(folder, { recursive: true });
process.stdout.write(`wrote schema ${schema}\n`);
