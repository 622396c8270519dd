import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../../db/driver.ts";
import { readMigrations } from "../../db/migrations.ts";
import { schemaState } from "../../db/upgrade.ts";
import type { LoggedEvent } from "../../schema/core/event.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import { wholeLog } from "../cases/store.ts";
import { foundIn, idsOf, openArchive } from "./open-archive.ts";

type Read = { interaction: Interaction; events: LoggedEvent[]; chain: string[] };

const fixtures = join(import.meta.dirname, "..", "fixtures", "schemas");
const known = readMigrations().length;
/** Schemas that no program ever stopped at. */
const passedBy = new Set([3]);
const schemas = readMigrations()
  .map((_, index) => index + 1)
  .filter((schema) => !passedBy.has(schema));
const earlier = schemas.filter((schema) => schema < known);
const driver = createDriver();

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-upgrade-"));
  file = join(folder, "hub.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Unpacks the data file of a schema, and gives what the program of that time read from it. */
function unpack(schema: number): Read[] {
  writeFileSync(file, gunzipSync(readFileSync(join(fixtures, `schema-${schema}.db.gz`))));
  return JSON.parse(gunzipSync(readFileSync(join(fixtures, `schema-${schema}.json.gz`))).toString());
}

const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

async function readAll({ store }: ReturnType<typeof openArchive>, expected: readonly Read[]): Promise<unknown[]> {
  return Promise.all(
    expected.map(async ({ interaction: { id } }) => ({
      interaction: await store.find(id),
      events: await wholeLog(store, id),
      chain: (await store.chain(id)).map((link) => link.id),
    })),
  );
}

test("every schema but the newest has a data file that its own program wrote", () => {
  const present = readdirSync(fixtures).filter((name) => name.endsWith(".db.gz"));
  expect(present).toEqual(expect.arrayContaining(earlier.map((schema) => `schema-${schema}.db.gz`)));
  for (const name of readdirSync(fixtures)) expect(statSync(join(fixtures, name)).size).toBeLessThan(100_000);
});

describe.each(earlier)("a data file of schema %i", (schema) => {
  test("is upgraded, and gives back everything just as the program that wrote it did", async () => {
    const expected = unpack(schema);
    expect(schemaState(file, driver)).toEqual({ file: "older", applied: schema, known });
    const opened = openArchive(file);
    expect(opened.storage.database.upgraded).toMatchObject({ from: schema, to: known });
    expect(await readAll(opened, expected)).toEqual(expected);
    expect(await opened.store.unfinished()).toEqual(["v1_running"]);
    await opened.store.close();
    expect(schemaState(file, driver)).toEqual({ file: "current", applied: known, known });
  });

  test("answers every question about the past, as if there had always been an archive", async () => {
    unpack(schema);
    const { store, archive } = openArchive(file);
    const search = async (text: string) => foundIn(await archive.search({ text }, { limit: 10 }));
    expect(await search("brücke")).toEqual(["v1_newer"]);
    expect(await search("seven degrees")).toEqual(["v1_answer"]);
    const listed = async (filter: Parameters<typeof archive.list>[0]) =>
      idsOf(await archive.list(filter, { by: "created", direction: "ascending" }, { limit: 10 }));
    expect(await listed({ labels: [{ key: "team", value: "maps" }] })).toEqual(["v1_root", "v1_newer"]);
    expect(await listed({ tool: ["draw"] })).toEqual(["v1_branch"]);
    expect(await listed({ has_error: true })).toEqual(["v1_branch", "v1_newer", "v1_incomplete"]);
    const children = (await archive.children(["v1_root"], { limit: 10 })).get("v1_root");
    expect(children?.edges.map(({ node }) => node.id)).toEqual(["v1_answer", "v1_branch"]);
    await store.close();
  });

  test("is kept beside as it was, for its owner alone, and found there by name", async () => {
    const expected = unpack(schema);
    const opened = openArchive(file);
    const kept = opened.storage.database.upgraded?.kept ?? "";
    await opened.store.close();
    expect(kept).toBe(`${file}.before-${schema + 1}.db`);
    if (process.platform !== "win32") expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(schemaState(kept, driver)).toEqual({ file: "older", applied: schema, known });
    rmSync(file);
    copyFileSync(kept, file);
    const again = openArchive(file);
    expect(await readAll(again, expected)).toEqual(expected);
    await again.store.close();
  });

  test("is changed by the first opening and no other, and takes new interactions", async () => {
    const [first] = unpack(schema);
    if (first === undefined) throw new Error("the file is empty");
    await openArchive(file).store.close();
    const upgraded = digest(file);
    const again = openArchive(file);
    expect(again.storage.database.upgraded).toBeUndefined();
    await again.store.close();
    expect(digest(file)).toBe(upgraded);
    expect(readdirSync(folder).filter((name) => name.includes("before"))).toHaveLength(1);

    const { store, archive } = openArchive(file);
    const next: Interaction = { ...first.interaction, id: "v1_next", previous_id: "v1_branch", status: "in_progress" };
    await store.insert({ ...next, output: [] }, first.events.slice(0, 1));
    await store.finish({ ...next, status: "completed" }, [
      { sequence: 2, at: 1, event: { type: "finish", status: "completed" } },
    ]);
    expect((await store.chain("v1_next")).map(({ id }) => id)).toEqual(["v1_root", "v1_branch", "v1_next"]);
    expect(await archive.count({ roots: ["v1_root"] })).toBe(5);
    expect(await store.remove("v1_root")).toBe(true);
    expect(await store.find("v1_answer")).toMatchObject({ status: "completed" });
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });
});

test("a data file of the newest schema is opened as it is", async () => {
  if (!existsSync(join(fixtures, `schema-${known}.db.gz`))) return;
  const expected = unpack(known);
  const opened = openArchive(file);
  expect(opened.storage.database.upgraded).toBeUndefined();
  expect(await readAll(opened, expected)).toEqual(expected);
  await opened.store.close();
  expect(readdirSync(folder).filter((name) => name.includes("before"))).toEqual([]);
});
