import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDriver } from "../../db/driver.ts";
import { readMigrations } from "../../db/migrations.ts";
import { openDatabase } from "../../db/open-database.ts";
import { schemaState } from "../../db/upgrade.ts";

const driver = createDriver();
const known = readMigrations().length;
const fixture = join(import.meta.dirname, "..", "fixtures", "schemas", "schema-2.db.gz");
const script = fileURLToPath(new URL("../cases/open-data-file.ts", import.meta.url));

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-killed-"));
  file = join(folder, "hub.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file of schema 2 with so many steps that its upgrade takes a while. */
function makeLarge(path: string): void {
  writeFileSync(path, gunzipSync(readFileSync(fixture)));
  const connection = driver.connect(path);
  connection.pragma("journal_mode = WAL");
  connection.exec(`with recursive n (i) as (select 100 union all select i + 1 from n where i < 20000)
    insert into steps (interaction, side, "index", turn, type, text, body)
    select 1, 'output', i, 1, 'model_output', printf('word%d tea word%d', i, i * 7), '{"type":"model_output","content":[]}' from n`);
  connection.close();
}

/** Opens the file in a process of its own; resolves with the milliseconds from the beginning of the upgrade to its end. */
async function open(killAfter?: number): Promise<number> {
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const [first] = await once(child.stdout, "data");
  const begun = performance.now();
  if (killAfter !== undefined && String(first) === "upgrading\n") {
    setTimeout(() => child.kill("SIGKILL"), killAfter);
  }
  await closed;
  return performance.now() - begun;
}

/** All that an upgrade must not lose or make up. */
function contents(path: string): unknown {
  const connection = driver.connect(path);
  try {
    expect(connection.pragma("integrity_check", { simple: true })).toBe("ok");
    const ask = (sql: string) => connection.prepare(sql).pluck().all();
    return [
      ask("select id || provider || settings from interactions order by key"),
      ask("select body from events order by interaction, sequence"),
      ask("select key || coalesce(text, '') || body from steps order by key"),
      ask("select hex(sha256) || size from blobs order by sha256"),
    ];
  } finally {
    connection.close();
  }
}

test("an upgrade that is killed at any moment leaves the old file or the new one, and is made up for at the next start", async () => {
  const large = join(folder, "large.db");
  makeLarge(large);
  const expected = contents(large);
  const again = () => {
    for (const name of readdirSync(folder)) if (name.startsWith("hub.db")) rmSync(join(folder, name));
    cpSync(large, file);
  };
  again();
  const whole = await open();
  expect(contents(file)).toEqual(expected);

  const seen = new Set<string>();
  for (let part = 0; part < 9; part += 1) {
    again();
    // Twice, because the second attempt finds what the first one left.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await open((whole * part) / 8);
      const { file: kind, applied } = schemaState(file, driver);
      expect(["older 2", `current ${known}`]).toContain(`${kind} ${applied}`);
      seen.add(`${kind}, ${existsSync(`${file}.before-3.db`) ? "kept" : "not kept"}`);
      expect(contents(file)).toEqual(expected);
    }
    openDatabase(file, driver).close();
    expect(schemaState(file, driver)).toMatchObject({ file: "current" });
    expect(contents(file)).toEqual(expected);
    expect(contents(`${file}.before-3.db`)).toEqual(expected);
    const left = readdirSync(folder).filter((name) => name.includes("before") || name.includes("partial"));
    expect(left).toEqual(["hub.db.before-3.db"]);
  }
  expect(seen).toContain("older, kept");
}, 60_000);
