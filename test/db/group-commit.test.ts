import { setImmediate as nextTurn } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGroupCommit } from "../../db/group-commit.ts";

let database: Database.Database;
let spoken: string[];
beforeEach(() => {
  spoken = [];
  database = new Database(":memory:", { verbose: (sql) => spoken.push(String(sql)) });
  database.exec("create table lines (line text unique)");
});
afterEach(() => database.close());

const transactions = () => spoken.filter((sql) => sql.startsWith("BEGIN")).length;
const lines = () => database.prepare("select line from lines order by rowid").pluck().all();
const write = (line: string) => () => database.prepare("insert into lines values (?)").run(line).changes;

describe("writes that come within a few turns of the event loop", () => {
  test("share a transaction, keep their order and each get their own value", async () => {
    const commits = createGroupCommit(database);
    const values = await Promise.all([
      commits.write(write("a")),
      commits.write(() => "mine"),
      commits.write(write("b")),
    ]);
    expect(values).toEqual([1, "mine", 1]);
    expect(lines()).toEqual(["a", "b"]);
    expect(transactions()).toBe(1);
  });

  test("are not known to have happened before they are committed", async () => {
    const commits = createGroupCommit(database);
    let known = false;
    const written = commits.write(write("a")).then(() => {
      known = true;
      expect(database.inTransaction).toBe(false);
    });
    await Promise.resolve();
    expect(known).toBe(false);
    await written;
    expect(lines()).toEqual(["a"]);
  });

  test("fail alone: those beside the one at fault are written, in their order", async () => {
    const commits = createGroupCommit(database);
    const outcomes = await Promise.allSettled(["a", "b", "a", "c"].map((line) => commits.write(write(line))));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(lines()).toEqual(["a", "b", "c"]);
  });

  test("leave nothing of one that fails half way", async () => {
    const commits = createGroupCommit(database);
    const half = commits.write(() => {
      write("half")();
      throw new Error("no");
    });
    await expect(Promise.all([commits.write(write("a")), half])).rejects.toThrow("no");
    await commits.write(write("b"));
    expect(lines()).toEqual(["a", "b"]);
  });

  test("that come while others wait go with them, and later ones start anew", async () => {
    const commits = createGroupCommit(database);
    const first = commits.write(write("a"));
    await nextTurn();
    await Promise.all([first, commits.write(write("b"))]);
    expect(transactions()).toBe(1);
    await commits.write(write("c"));
    expect(transactions()).toBe(2);
  });

  test("are written at once on demand", async () => {
    const commits = createGroupCommit(database);
    const written = commits.write(write("a"));
    commits.flush();
    expect(lines()).toEqual(["a"]);
    await expect(written).resolves.toBe(1);
    commits.flush();
    expect(transactions()).toBe(1);
  });
});

test("a full database is told as storage that is full, and only as that", async () => {
  const commits = createGroupCommit(database);
  database.pragma("max_page_count = 3");
  await expect(commits.write(write("x".repeat(100_000)))).rejects.toMatchObject({
    code: "storage_full",
    cause: { code: "SQLITE_FULL" },
  });
  await expect(commits.write(write("small"))).resolves.toBe(1);
  await expect(commits.write(write("small"))).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_UNIQUE" });
});
