import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTransferTarget } from "../../../db/transfer/transfer-target.ts";
import { importChains } from "../../../server/transfer/import-chains.ts";
import { contentOf, exportOf, fill, importInto, mediaBytes, openFile } from "./open-transfer.ts";
import { begunAt, fillVaried, keep } from "./varied-store.ts";

const stalled = fileURLToPath(new URL("stalled-import.ts", import.meta.url));

let folder: string;
let target: string;
let bytes: Buffer;
let before: ReturnType<typeof contentOf>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-transfer-"));
  target = join(folder, "target.db");
  await fill(join(folder, "source.db"), fillVaried);
  bytes = (await exportOf(join(folder, "source.db"))).bytes;
  await fill(target, (store) => keep(store, begunAt(7777), [], { type: "finish", status: "completed" }));
  before = contentOf(target);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("an import that cannot end", () => {
  test("has changed nothing when its process is killed, even just before the last line", async () => {
    const file = join(folder, "export.jsonl");
    writeFileSync(file, bytes);
    for (const held of [1, Math.floor(bytes.length / 2)]) {
      const child = spawn(process.execPath, [stalled, target, file, String(bytes.length - held)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(contentOf(target)).toEqual(before);
    }
    expect(await importInto(target, bytes)).toMatchObject({ interactions: 10 });
  });

  test("changes nothing on a full disk, and says so", async () => {
    const { storage } = openFile(target);
    const { connection } = storage.database;
    connection.pragma(`max_page_count = ${Number(connection.pragma("page_count", { simple: true })) + 40}`);
    const importing = createTransferTarget(storage, mediaBytes);
    const options = { ids: "keep", existing: "refuse", random: (count: number) => new Uint8Array(count) } as const;
    async function* chunks() {
      yield bytes;
    }
    await expect(importChains(chunks, importing, options)).rejects.toMatchObject({
      code: "storage_full",
      message: "The disk that holds the database is full.",
    });
    connection.pragma("max_page_count = 1073741823");
    importing.close();
    expect(contentOf(target)).toEqual(before);
    expect(await importInto(target, bytes)).toMatchObject({ interactions: 10 });
  });

  test("changes nothing when its file cannot be read any more", async () => {
    const importing = createTransferTarget(openFile(target).storage, mediaBytes);
    const broken = new Error("the disk was pulled out");
    async function* chunks() {
      yield bytes.subarray(0, bytes.length - 10);
      throw broken;
    }
    const options = { ids: "new", existing: "refuse", random: (count: number) => new Uint8Array(count) } as const;
    await expect(importChains(chunks, importing, options)).rejects.toBe(broken);
    importing.close();
    expect(contentOf(target)).toEqual(before);
  });

  test("is refused while a hub uses the file", async () => {
    const { store } = openFile(target);
    await expect(importInto(target, bytes)).rejects.toMatchObject({ code: "failed_precondition" });
    await store.close();
  });
});

test("an import tells how far it is", async () => {
  const importing = createTransferTarget(openFile(target).storage, mediaBytes);
  const told: { bytes: number; interactions: number }[] = [];
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += 50_000) yield bytes.subarray(from, from + 50_000);
  }
  const options = { ids: "keep", existing: "refuse", random: (count: number) => new Uint8Array(count) } as const;
  await importChains(chunks, importing, options, (done) => told.push(done));
  importing.close();
  expect(told.at(-1)).toEqual({ bytes: bytes.length, interactions: 10 });
  expect(told).toEqual([...told].sort((one, other) => one.bytes - other.bytes));
});
