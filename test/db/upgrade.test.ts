import { createHash } from "node:crypto";
import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDriver, type Driver } from "../../db/driver.ts";
import { readMigrations } from "../../db/migrations.ts";
import { openDatabase } from "../../db/open-database.ts";
import { schemaState, upgrade } from "../../db/upgrade.ts";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, statfsSync: vi.fn(fs.statfsSync) };
});

const driver = createDriver();
const known = readMigrations().length;
const fixtures = join(import.meta.dirname, "..", "fixtures", "schemas");

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-open-"));
  file = join(folder, "hub.db");
});
afterEach(() => {
  vi.mocked(statfsSync).mockRestore();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs SQL on a file as another program would. */
function change(sql: string, path = file): void {
  const connection = driver.connect(path);
  connection.exec(sql);
  connection.close();
}

function unpack(schema: number, path = file): void {
  writeFileSync(path, gunzipSync(readFileSync(join(fixtures, `schema-${schema}.db.gz`))));
}

const digest = (path = file): string => createHash("sha256").update(readFileSync(path)).digest("hex");
const files = (): string[] => readdirSync(folder).sort();

/** A driver that fails as a full disk does when it comes to a statement. */
function fullAt(pattern: RegExp): Driver {
  const fail = (): never => {
    throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
  };
  return {
    connect(path, options) {
      const connection = driver.connect(path, options);
      const { prepare, exec } = connection;
      connection.prepare = ((sql: string) =>
        pattern.test(sql) ? fail() : prepare.call(connection, sql)) as typeof prepare;
      connection.exec = (sql) => (pattern.test(sql) ? fail() : exec.call(connection, sql));
      return connection;
    },
  };
}

describe("a file that is not ours", () => {
  const others: [string, () => void][] = [
    ["a text", () => writeFileSync(file, "Shopping: bread, tea.\n".repeat(100))],
    ["a short text", () => writeFileSync(file, "tea")],
    ["a database of another program", () => change("create table notes (text); insert into notes values ('tea')")],
    [
      "a database of another program with a write-ahead log",
      () => change("pragma journal_mode = wal; create table notes (text); insert into notes values ('tea')"),
    ],
    [
      "a database whose other program keeps its migrations as we do",
      () =>
        change(`create table __drizzle_migrations (id SERIAL PRIMARY KEY, hash text, created_at numeric);
          insert into __drizzle_migrations (hash, created_at) values ('a', 1700000000000);
          create table notes (text)`),
    ],
    [
      "a database in which another program left its list of migrations empty",
      () => change("create table __drizzle_migrations (id, hash, created_at); create table notes (text)"),
    ],
  ];
  test.each(others)("%s, is refused with what to do, and nothing in its folder changes", (_, make) => {
    make();
    const before = digest();
    const stood = files();
    expect(() => openDatabase(file, driver)).toThrow(
      expect.objectContaining({
        code: "failed_precondition",
        message: `${file} is no data file of Interactions Hub: no database, or one of another program. It is left as it is; give the hub a file of its own with --db.`,
      }),
    );
    expect(digest()).toBe(before);
    expect(files()).toEqual(stood);
    expect(schemaState(file, driver)).toMatchObject({ file: "foreign" });
  });
});

describe("a file with nothing in it", () => {
  test.each([
    ["empty", () => writeFileSync(file, "")],
    [
      "of a program that was killed at its first start",
      () => change("create table __drizzle_migrations (id SERIAL PRIMARY KEY, hash, created_at)"),
    ],
  ])("that is %s becomes ours, without a copy", (_, make) => {
    make();
    expect(schemaState(file, driver)).toEqual({ file: "absent", applied: 0, known });
    const opened = openDatabase(file, driver);
    expect(opened.upgraded).toBeUndefined();
    opened.close();
    expect(schemaState(file, driver)).toEqual({ file: "current", applied: known, known });
    expect(files()).toEqual(["hub.db", "hub.db.lock"]);
  });

  test("that is not there is said to be absent, and made for its owner alone, also behind a link", () => {
    const link = join(folder, "link.db");
    symlinkSync(file, link);
    expect(schemaState(link, driver)).toEqual({ file: "absent", applied: 0, known });
    const opened = openDatabase(link, driver);
    expect(() => openDatabase(file, driver)).toThrow(expect.objectContaining({ code: "failed_precondition" }));
    opened.close();
    // Windows knows no such modes.
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe("a file that cannot be used", () => {
  test("because its name leads nowhere is told from one that is full", () => {
    symlinkSync(file, file);
    expect(() => openDatabase(file, driver)).toThrow(
      expect.objectContaining({
        code: "failed_precondition",
        message: expect.stringContaining(`${file} cannot be made (ELOOP`),
      }),
    );
    expect(files()).toEqual(["hub.db"]);
  });

  test("because it has a second name that no link tells is left as it is", () => {
    openDatabase(file, driver).close();
    const before = readFileSync(file);
    linkSync(file, `${file}.other`);
    for (const name of [file, `${file}.other`]) {
      expect(() => openDatabase(name, driver)).toThrow(`${name} has a second name (a hard link)`);
    }
    expect(readFileSync(file)).toEqual(before);
    rmSync(`${file}.other`);
    openDatabase(file, driver).close();
  });

  test("because it may only be read is left as it is, and no copy of it is made", () => {
    unpack(2);
    const before = digest();
    const readOnly: Driver = {
      connect: (path, options) => driver.connect(path, { ...options, readonly: path === file }),
    };
    expect(() => openDatabase(file, readOnly)).toThrow(/readonly/);
    expect(digest()).toBe(before);
    expect(files()).toEqual(["hub.db", "hub.db.lock"]);
    openDatabase(file, driver).close();
  });
});

describe("a file of a newer version", () => {
  const makeNewer = () =>
    change(`insert into __drizzle_migrations (hash, created_at) values ('a', 1e15), ('b', 1e15 + 1);
      create table inventions (name)`);

  test("is refused with the numbers of both schemas, and left as it is", () => {
    openDatabase(file, driver).close();
    makeNewer();
    const before = digest();
    expect(schemaState(file, driver)).toEqual({ file: "newer", applied: known + 2, known });
    expect(() => openDatabase(file, driver)).toThrow(
      expect.objectContaining({
        code: "failed_precondition",
        message: `${file} was written by a newer version: its schema is number ${known + 2}, this version knows up to ${known}. It is left as it is; run that version or a later one, or give this one another file with --db.`,
      }),
    );
    expect(digest()).toBe(before);
  });

  test("is refused with the name of the copy that this version can open", () => {
    unpack(known - 1);
    openDatabase(file, driver).close();
    makeNewer();
    const kept = `${file}.before-${known}.db`;
    expect(() => openDatabase(file, driver)).toThrow(
      `The newest copy from before an upgrade that this version can open is ${kept}, without what was stored since.`,
    );
    openDatabase(kept, driver).close();
  });
});

describe("an upgrade", () => {
  const state = () => schemaState(file, driver);

  test("that fails in its last statement leaves the tables as they were", () => {
    unpack(2);
    const connection = driver.connect(file);
    const before = connection.serialize();
    const [last, ...others] = readMigrations().toReversed();
    if (last === undefined) throw new Error("there are no migrations");
    const failing = [...others.toReversed(), { ...last, sql: [...last.sql, "insert into nowhere values (1)"] }];
    expect(() => upgrade(connection, failing)).toThrow("no such table: nowhere");
    expect(connection.inTransaction).toBe(false);
    expect(connection.pragma("foreign_keys", { simple: true })).toBe(1);
    expect(connection.serialize().equals(before)).toBe(true);
    connection.close();
    expect(state()).toMatchObject({ file: "older", applied: 2 });
  });

  test("may rebuild a table that others refer to, and may not leave rows that refer to nothing", () => {
    openDatabase(file, driver).close();
    const connection = driver.connect(file);
    connection.exec("insert into blobs values ('a', 1, x'00'); insert into blob_pieces values ('a', 0, x'00')");
    const step = (...sql: string[]) => [...readMigrations(), { sql, bps: true, hash: "x", folderMillis: 1e15 }];
    const rebuild = [
      "create table new_blobs (sha256 text primary key not null, size integer not null, bytes blob not null)",
      "insert into new_blobs select * from blobs",
      "drop table blobs",
      "alter table new_blobs rename to blobs",
    ];
    expect(() => upgrade(connection, step(...rebuild, "delete from blobs"))).toThrow(
      "The upgrade would leave rows of blob_pieces that refer to nothing in blobs.",
    );
    upgrade(connection, step(...rebuild));
    expect(connection.prepare("select count(*) from blob_pieces").pluck().get()).toBe(1);
    connection.close();
  });

  test("is begun only where there is room for the copy", () => {
    unpack(2);
    change("pragma journal_mode = wal");
    const before = digest();
    vi.mocked(statfsSync).mockReturnValue({ blocks: 10, bavail: 1, bsize: 4096 } as ReturnType<typeof statfsSync>);
    expect(() => openDatabase(file, driver)).toThrow(
      expect.objectContaining({
        code: "storage_full",
        message: expect.stringMatching(/needs an upgrade, and there is no room .* make room for 1 MB in /),
      }),
    );
    vi.mocked(statfsSync).mockRestore();
    expect(files()).toEqual(["hub.db", "hub.db.lock"]);
    expect(state()).toMatchObject({ file: "older", applied: 2 });
    expect(digest()).toBe(before);
  });

  test.each([
    ["the copy", /vacuum/i, []],
    ["the upgrade itself", /blob_pieces/, ["hub.db.before-3.db"]],
  ])("whose disk is full at %s says so, and is made when there is room, with one copy in all", (_, pattern, copies) => {
    unpack(2);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(() => openDatabase(file, fullAt(pattern))).toThrow(expect.objectContaining({ code: "storage_full" }));
      expect(state()).toMatchObject({ file: "older", applied: 2 });
      expect(files()).toEqual(["hub.db", ...copies, "hub.db.lock"]);
    }
    const opened = openDatabase(file, driver);
    expect(opened.upgraded).toEqual({ from: 2, to: known, kept: `${file}.before-3.db` });
    opened.close();
    expect(files()).toEqual(["hub.db", "hub.db.before-3.db", "hub.db.lock"]);
  });

  test("never replaces the copy of another state", () => {
    unpack(2);
    openDatabase(file, driver).close();
    const first = digest(`${file}.before-3.db`);
    unpack(2);
    change("update interactions set model = 'changed'");
    const opened = openDatabase(file, driver);
    expect(opened.upgraded?.kept).toBe(`${file}.before-3-2.db`);
    opened.close();
    expect(digest(`${file}.before-3.db`)).toBe(first);
    expect(schemaState(`${file}.before-3-2.db`, driver)).toMatchObject({ file: "older", applied: 2 });
  });

  test("is announced before it begins", () => {
    unpack(1);
    const steps: unknown[] = [];
    const look = (step: object) => steps.push(step, state().applied);
    openDatabase(file, driver, look).close();
    openDatabase(file, driver, look).close();
    expect(steps).toEqual([{ from: 1, to: known }, 1]);
  });
});
