import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDriver } from "../../db/driver.ts";
import { openSqliteStore } from "../../db/sqlite-store.ts";
import type { Store } from "../../db/store.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import { begins, begunAs, imageOf, logFrom, mediaLimit, storeEnded, storeSuite, wholeLog } from "../cases/store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-store-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

const openFile = (name = "hub.db"): Store =>
  openSqliteStore({ driver: createDriver(), file: join(folder, name), mediaBytes: mediaLimit, lasting: true });
let files = 0;

storeSuite("in a file", () => {
  files += 1;
  return openFile(`${files}.db`);
});
storeSuite("in memory", () =>
  openSqliteStore({ driver: createDriver(), file: ":memory:", mediaBytes: mediaLimit, lasting: true }),
);

/** What one query of the file gives, read beside the store. */
function ask(sql: string, name = "hub.db"): unknown {
  const reader = new Database(join(folder, name), { readonly: true });
  try {
    return reader.prepare(sql).pluck().get();
  } finally {
    reader.close();
  }
}

describe("media", () => {
  const withImage = (name: string, value: number): Interaction =>
    begunAs(name, { input: [{ type: "user_input", content: [imageOf(value)] }] });

  test("that ten interactions send is kept once, and is gone with the last of them", async () => {
    const store = openFile();
    const all = Array.from({ length: 10 }, (_, index) => withImage(`${index}`, 7));
    for (const begun of all) await storeEnded(store, begun);
    const [first, ...rest] = all;
    expect(ask("select count(*) from blobs")).toBe(1);
    for (const { id } of rest) await store.remove(id);
    expect(ask("select count(*) from blobs")).toBe(1);
    expect(await store.find(first?.id ?? "")).toMatchObject({ input: first?.input });
    await store.remove(first?.id ?? "");
    expect(ask("select count(*) from blobs")).toBe(0);
    expect(ask("select count(*) from blob_uses")).toBe(0);
    await store.close();
  });

  test("is kept once though the input, a delta and the step that it becomes all hold it", async () => {
    const store = openFile();
    const begun = withImage("a", 7);
    await store.insert(begun, begins);
    await store.append(
      begun.id,
      logFrom(
        2,
        { type: "step.start", index: 0, step: { type: "model_output", content: [] } },
        { type: "step.delta", index: 0, delta: { type: "content", content: imageOf(7) } },
      ),
    );
    const found = await store.find(begun.id);
    expect(found?.output).toEqual([{ type: "model_output", content: [imageOf(7)] }]);
    if (found === undefined) throw new Error("nothing was stored");
    await store.finish({ ...found, status: "completed" }, logFrom(4, { type: "finish", status: "completed" }));
    expect(ask("select count(*) from blobs")).toBe(1);
    expect(ask("select count(*) from events where body like '%\"data\"%'")).toBe(0);
    expect(ask("select count(*) from steps where body like '%\"data\"%'")).toBe(0);
    await store.close();
  });

  test("that expires with what used it is gone too", async () => {
    const store = openFile();
    await storeEnded(store, withImage("a", 1), { status: "completed", at: 5 });
    await storeEnded(store, withImage("b", 2), { status: "completed", at: 5000 });
    await store.expire([{ status: "completed", before: 1000 }], 10);
    expect(ask("select count(*) from blobs")).toBe(1);
    await store.close();
  });
});

describe("group commit", () => {
  test("writes what many interactions append at the same time in one transaction", async () => {
    const store = openFile();
    const all = Array.from({ length: 200 }, (_, index) => begunAs(`${index}`));
    const exec = vi.spyOn(Database.prototype, "exec");
    const begun = () => exec.mock.calls.filter(([sql]) => sql.startsWith("BEGIN")).length;
    await Promise.all(all.map((one) => store.insert(one, begins)));
    expect(begun()).toBe(1);
    for (let sequence = 2; sequence < 12; sequence += 1) {
      await Promise.all(all.map(({ id }) => store.append(id, logFrom(sequence, { type: "step.stop", index: 0 }))));
    }
    expect(begun()).toBe(11);
    expect(ask("select count(*) from events")).toBe(200 * 11);
    await store.close();
  });
});

describe("a commit that fails", () => {
  test("leaves nothing by which a later write could end up in another interaction's log", async () => {
    const store = openFile();
    const { exec } = Database.prototype;
    vi.spyOn(Database.prototype, "exec").mockImplementation(function (this: Database.Database, sql) {
      if (sql === "COMMIT") throw Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR" });
      return exec.call(this, sql);
    });
    const [lost, kept] = [begunAs("lost"), begunAs("kept")];
    await expect(store.insert(lost, begins)).rejects.toThrow("disk I/O error");
    vi.restoreAllMocks();
    await store.insert(kept, begins);
    const more = logFrom(2, { type: "step.stop", index: 0 });
    await expect(store.append(lost.id, more)).rejects.toMatchObject({ code: "not_found" });
    expect(await wholeLog(store, kept.id)).toEqual(begins);
    await store.close();
  });
});

describe("a file", () => {
  test("gives everything back to the one who opens it next", async () => {
    const before = openFile();
    const image = imageOf(9);
    const ended = await storeEnded(before, begunAs("a", { input: [{ type: "user_input", content: [image] }] }));
    const running = begunAs("b", { previous_id: ended.id, root_id: ended.id });
    await before.insert(running, begins);
    const said = logFrom(2, { type: "step.start", index: 0, step: { type: "thought" } });
    await before.append(running.id, said);
    const log = await wholeLog(before, ended.id);
    await before.close();

    const after = openFile();
    expect(await after.find(ended.id)).toEqual(ended);
    expect(await wholeLog(after, ended.id)).toEqual(log);
    expect(await after.unfinished()).toEqual([running.id]);
    expect(await after.find(running.id)).toEqual({ ...running, updated_at: 1020, output: [{ type: "thought" }] });
    expect((await after.chain(running.id)).map(({ id }) => id)).toEqual([ended.id, running.id]);
    await after.append(running.id, logFrom(3, { type: "step.stop", index: 0 }));
    await after.close();
  });

  test("is held by one store at a time, and free again when that one has closed", async () => {
    const holder = openFile();
    expect(() => openFile()).toThrow(expect.objectContaining({ code: "failed_precondition" }));
    await holder.insert(begunAs("a"), begins);
    await holder.close();
    const next = openFile();
    expect(await next.head(begunAs("a").id)).toBeDefined();
    await next.close();
  });

  test("is made with its folder, which only its owner may read", async () => {
    const store = openFile(join("deep", "down", "hub.db"));
    await storeEnded(store, begunAs("a"));
    await store.close();
    // Windows knows no such modes.
    if (process.platform !== "win32") expect(statSync(join(folder, "deep", "down")).mode & 0o777).toBe(0o700);
    expect(ask("select count(*) from interactions", join("deep", "down", "hub.db"))).toBe(1);
  });

  test("has what was acknowledged although nobody closed it", async () => {
    const store = openFile();
    const ended = await storeEnded(store, begunAs("a"));
    // Another connection sees what a process that was killed here would leave behind: the file and its write-ahead log.
    expect(ask(`select status from interactions where id = '${ended.id}'`)).toBe("completed");
    expect(ask("select count(*) from events")).toBe(4);
    await store.close();
  });

  test("survives a crash of the process by its write-ahead log, and checks what it refers to", async () => {
    const pragma = vi.spyOn(Database.prototype, "pragma");
    const store = openFile();
    const set = pragma.mock.calls.map(([text]) => text.replaceAll(" ", ""));
    expect(set).toEqual(expect.arrayContaining(["journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"]));
    expect(set.findIndex((text) => text.startsWith("busy_timeout"))).toBeLessThan(set.indexOf("journal_mode=WAL"));
    expect(ask("pragma journal_mode")).toBe("wal");
    await store.close();
  });
});
