import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backUp } from "../../db/backup.ts";
import { createDriver } from "../../db/driver.ts";
import { begunAs, storeEnded } from "../cases/store.ts";
import { until } from "../cases/until.ts";
import { openArchive } from "./open-archive.ts";

const driver = createDriver();
const script = fileURLToPath(new URL("../cases/write-at-full-speed.ts", import.meta.url));

let folder: string;
let file: string;
let target: string;
let writer: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-backup-"));
  file = join(folder, "hub.db");
  target = join(folder, "copy.db");
});
afterEach(async () => {
  await stopWriting();
  rmSync(folder, { recursive: true, force: true });
});

/** Begins to write from a process of its own; the ids of what is stored arrive in the list. */
function startWriting(): string[] {
  const stored: string[] = [];
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", (id) => stored.push(id));
  writer = child;
  return stored;
}

async function stopWriting(): Promise<void> {
  if (writer === undefined) return;
  const closed = once(writer, "close");
  writer.kill("SIGKILL");
  await closed;
  writer = undefined;
}

function ask(sql: string, path = target): unknown[] {
  const connection = driver.connect(path, { readonly: true });
  try {
    return connection.prepare(sql).pluck().all();
  } finally {
    connection.close();
  }
}

const files = (): string[] => readdirSync(folder).sort();

describe("a backup", () => {
  test("of a file that another process writes at full speed ends, is whole, and has all that was stored before", async () => {
    const stored = startWriting();
    await until(() => existsSync(file) && stored.length > 1500);
    for (const round of [1, 2, 3]) {
      const copy = join(folder, `copy-${round}.db`);
      const before = [...stored];
      const steps: [number, number][] = [];
      await backUp(driver, file, copy, (done, total) => steps.push([done, total]));
      const during = stored.length - before.length;
      expect(during).toBeGreaterThan(0);
      expect(steps.length).toBeGreaterThan(3);
      expect(steps).toEqual(steps.toSorted(([one], [other]) => one - other));
      expect(new Set(steps.map(([, total]) => total)).size).toBe(1);
      expect(steps.at(-1)?.[0]).toBe(steps.at(-1)?.[1]);

      expect(ask("pragma integrity_check", copy)).toEqual(["ok"]);
      const has = new Set(ask("select id from interactions", copy));
      expect(before.filter((id) => !has.has(id))).toEqual([]);
    }
    await stopWriting();
    const { store } = openArchive(join(folder, "copy-3.db"));
    const [first = ""] = stored;
    expect(await store.find(first)).toMatchObject({
      status: "completed",
      input: [{ content: [{}, { type: "image" }] }],
    });
    await store.close();
  }, 60_000);

  test("is one file for its owner alone, and leaves the folder of a file that nobody uses as it was", async () => {
    const { store } = openArchive(file);
    const ended = await storeEnded(store, begunAs("a"));
    await store.close();
    const before = [files(), readFileSync(file)];
    await backUp(driver, file, target);
    expect([files().filter((name) => name !== "copy.db"), readFileSync(file)]).toEqual(before);
    expect(ask("select id from interactions")).toEqual([ended.id]);
    expect(ask("pragma journal_mode")).toEqual(["delete"]);
    // Windows knows no such modes.
    if (process.platform !== "win32") expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  test("of a file whose hub was killed has what that one had acknowledged, and leaves its log to the next hub", async () => {
    const stored = startWriting();
    await until(() => stored.length > 20);
    await stopWriting();
    const log = readFileSync(`${file}-wal`);
    await backUp(driver, file, target);
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true);
    const has = new Set(ask("select id from interactions"));
    expect(stored.filter((id) => !has.has(id))).toEqual([]);
  });

  test("replaces nothing, also what another program makes meanwhile", async () => {
    await openArchive(file).store.close();
    writeFileSync(target, "letters");
    const taken = { code: "failed_precondition", message: `${target} exists already; name a file that does not.` };
    await expect(backUp(driver, file, target)).rejects.toMatchObject(taken);
    rmSync(target);
    const meanwhile = backUp(driver, file, target, () => writeFileSync(target, "letters"));
    await expect(meanwhile).rejects.toThrow(`${target} was made by another program meanwhile.`);
    expect(readFileSync(target, "utf8")).toBe("letters");
    expect(files()).toEqual(["copy.db", "hub.db", "hub.db.lock"]);
  });

  test("that is broken off leaves nothing", async () => {
    await openArchive(file).store.close();
    const stop = () => {
      throw new Error("stopped");
    };
    await expect(backUp(driver, file, target, stop)).rejects.toThrow("stopped");
    expect(files()).toEqual(["hub.db", "hub.db.lock"]);
  });

  test("of which there is no room says so, and leaves nothing", async () => {
    await openArchive(file).store.close();
    const full = {
      connect(path: string, options?: object) {
        const connection = driver.connect(path, options);
        connection.backup = () => Promise.reject(Object.assign(new Error("full"), { code: "SQLITE_FULL" }));
        return connection;
      },
    };
    const refusal = { code: "storage_full", message: `There is no room for ${target}.` };
    await expect(backUp(full, file, target)).rejects.toMatchObject(refusal);
    expect(files()).toEqual(["hub.db", "hub.db.lock"]);
  });

  test("is refused where there is nothing to copy, or nowhere to", async () => {
    await expect(backUp(driver, file, target)).rejects.toThrow(`There is no data file ${file}.`);
    writeFileSync(file, "Shopping: bread, tea.\n".repeat(100));
    await expect(backUp(driver, file, target)).rejects.toThrow("is no data file of Interactions Hub");
    rmSync(file);
    await openArchive(file).store.close();
    const nowhere = join(folder, "nowhere", "copy.db");
    await expect(backUp(driver, file, nowhere)).rejects.toThrow(
      `Cannot write to the folder ${join(folder, "nowhere")} (ENOENT).`,
    );
  });
});
