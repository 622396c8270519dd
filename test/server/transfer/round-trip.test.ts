import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { foldLog } from "../../../schema/core/fold.ts";
import { logged } from "../../cases/arbitraries.ts";
import { contentOf, exportOf, fill, importInto, linesOf, openFile } from "./open-transfer.ts";
import { fillVaried, idAt, times } from "./varied-store.ts";

const schemas = fileURLToPath(new URL("../../fixtures/schemas/", import.meta.url));

let folder: string;
let first: string;
let second: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-transfer-"));
  [first, second] = [join(folder, "first.db"), join(folder, "second.db")];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("an export of everything that can be stored", () => {
  test("gives the same bytes again once it was imported into another store", async () => {
    await fill(first, fillVaried);
    const { bytes, summary } = await exportOf(first);
    expect(summary).toMatchObject({ interactions: 10, unfinished: 1, unsound: 0, reasons: [], bytes: bytes.length });
    const imported = await importInto(second, bytes);
    expect(imported).toMatchObject({ interactions: 10, skipped: 0, orphans: 1, outlived: 0 });
    for (const name of ["steps", "events", "media"] as const) expect(imported[name]).toBe(summary[name]);
    const again = await exportOf(second);
    expect(again.bytes.equals(bytes)).toBe(true);
    expect(again.summary).toEqual({ ...summary, unfinished: 0 });
  });

  test("fills every table as the hub itself did", async () => {
    await fill(first, fillVaried);
    await importInto(second, (await exportOf(first)).bytes);
    await fill(first, async (store) => void (await store.remove(idAt(times.running))));
    expect(contentOf(second)).toEqual(contentOf(first));
  });

  test("holds each medium once, before what has it, and nothing that still runs", async () => {
    await fill(first, fillVaried);
    const lines = linesOf((await exportOf(first)).bytes);
    const media = lines.filter(({ type }) => type === "media").map(({ sha256 }) => sha256);
    expect(media.length).toBe(4);
    expect(new Set(media).size).toBe(media.length);
    const pieces = lines.filter(({ type }) => type === "piece").map(({ data }) => String(data).length);
    expect(pieces.sort((one, other) => one - other)).toEqual([56, 50_476, 100_952, 349_528, 349_528, 349_528]);
    expect(lines.filter(({ id }) => id === idAt(times.running))).toEqual([]);
    expect(JSON.stringify(lines)).not.toContain('"data":""');
  });

  test("goes on from any place: whatever may be stored comes back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(logged, { maxLength: 4, selector: ({ begun }) => begun.id }), async (drawn) => {
        const [one, other] = [join(folder, "one.db"), join(folder, "other.db")];
        await fill(one, async (store) => {
          for (const { begun, log } of drawn) {
            const stored = { ...begun, store: true };
            await store.insert(stored, log.slice(0, 1));
            await store.finish(foldLog(stored, log), log.slice(1));
          }
        });
        const { bytes, summary } = await exportOf(one);
        expect(summary.reasons).toEqual([]);
        await importInto(other, bytes, { chunk: 77 });
        expect((await exportOf(other)).bytes.equals(bytes)).toBe(true);
        expect(contentOf(other)).toEqual(contentOf(one));
        for (const file of [one, other])
          for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
      }),
      { numRuns: 40 },
    );
  });

  test("of an empty store is a header and an end", async () => {
    openFile(first).storage.database.close();
    const { bytes } = await exportOf(first);
    expect(linesOf(bytes).map(({ type }) => type)).toEqual(["header", "end"]);
    expect(await importInto(second, bytes)).toMatchObject({ interactions: 0 });
  });
});

test.each(readdirSync(schemas).filter((name) => name.endsWith(".db.gz")))(
  "what an earlier program wrote is exported whole once it is upgraded: %s",
  async (name) => {
    writeFileSync(first, gunzipSync(readFileSync(join(schemas, name))));
    openFile(first).storage.database.close();
    const { bytes, summary } = await exportOf(first);
    expect(summary).toMatchObject({ interactions: 5, unfinished: 1, unsound: 0 });
    await importInto(second, bytes);
    expect((await exportOf(second)).bytes.equals(bytes)).toBe(true);
    await importInto(second, bytes, { ids: "new" });
    expect((await exportOf(second)).summary).toMatchObject({ interactions: 10, unsound: 0 });
  },
);
