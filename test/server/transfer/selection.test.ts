import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../../../db/driver.ts";
import { createTransferSource } from "../../../db/transfer/transfer-source.ts";
import { exportChains } from "../../../server/transfer/export-chains.ts";
import { exportOf, fill, importInto, linesOf, openFile } from "./open-transfer.ts";
import { begunAt, fillVaried, idAt, keep, times } from "./varied-store.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-transfer-"));
  file = join(folder, "hub.db");
  await fill(file, fillVaried);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [root, streamed, branch, legacy, running, lost, orphan] = [
  idAt(times.root),
  idAt(times.streamed, times.root),
  idAt(times.branch, times.root),
  idAt(times.legacy),
  idAt(times.running),
  idAt(times.lost),
  idAt(times.orphan, times.lost),
];
const end = { type: "finish" as const, status: "completed" as const };

async function selected(selection: Parameters<typeof exportOf>[1]): Promise<{ ids: unknown[]; unfinished: number }> {
  const { bytes, summary } = await exportOf(file, selection);
  // Every selection is a file that can be imported by itself.
  await importInto(join(folder, `${Math.floor(performance.now() * 1000)}.db`), bytes);
  const heads = linesOf(bytes).filter(({ type }) => type === "interaction");
  return { ids: heads.map(({ id }) => id), unfinished: summary.unfinished };
}

function write(sql: string): void {
  const { storage, store } = openFile(file);
  storage.database.connection.exec(sql);
  void store.close();
}

describe("a selection", () => {
  test("of ids is the whole tree of each, in the order of arrival, also where its beginning is lost", async () => {
    expect(await selected({ kind: "chains", ids: [branch] })).toEqual({ ids: [root, streamed, branch], unfinished: 0 });
    expect(await selected({ kind: "chains", ids: [orphan, legacy, orphan] })).toEqual({
      ids: [legacy, orphan],
      unfinished: 0,
    });
    expect(await selected({ kind: "chains", ids: [] })).toEqual({ ids: [], unfinished: 0 });
  });

  test("of ids with what leads to them leaves out branches and what follows", async () => {
    const only = "ancestors" as const;
    expect(await selected({ kind: "chains", ids: [branch], only })).toEqual({ ids: [root, branch], unfinished: 0 });
    expect(await selected({ kind: "chains", ids: [root, orphan], only })).toEqual({
      ids: [root, orphan],
      unfinished: 0,
    });
  });

  test("of what is not stored is refused", async () => {
    await expect(exportOf(file, { kind: "chains", ids: [root, lost] })).rejects.toMatchObject({
      code: "not_found",
      message: `Interaction '${lost}' was not found.`,
    });
  });

  test("by a filter is what it holds for", async () => {
    const matching = (filter: object) => selected({ kind: "matching", filter });
    expect(await matching({ labels: [{ key: "team" }] })).toEqual({ ids: [root], unfinished: 0 });
    expect(await matching({ status: ["requires_action"], is_root: false })).toEqual({ ids: [streamed], unfinished: 0 });
    expect(await matching({ agent: ["deep-research"] })).toEqual({ ids: [legacy], unfinished: 0 });
    expect(await matching({ created_from: times.legacy })).toEqual({ ids: [legacy, orphan], unfinished: 1 });
    expect(await matching({ model: ["none"] })).toEqual({ ids: [], unfinished: 0 });
  });

  test("leaves out what still runs, and says how much that is", async () => {
    expect(await selected({ kind: "chains", ids: [running] })).toEqual({ ids: [], unfinished: 1 });
  });
});

describe("an export of a file in use", () => {
  test("is of one moment, whatever the hub writes meanwhile", async () => {
    const { store } = openFile(file);
    const source = createTransferSource(createDriver().connect(file, { readonly: true, fileMustExist: true }));
    const chunks: Uint8Array[] = [];
    await keep(store, begunAt(20_000), [], end);
    await store.remove(branch);
    let more = 30_000;
    const summary = await exportChains(source, { kind: "everything" }, async (chunk) => {
      chunks.push(chunk);
      more += 1;
      await keep(store, begunAt(more), [], end);
    });
    source.close();
    await store.close();
    expect(more).toBeGreaterThan(30_001);
    expect(summary).toMatchObject({ interactions: 10, unfinished: 1 });
    const ids = linesOf(Buffer.concat(chunks)).flatMap(({ type, id }) => (type === "interaction" ? [id] : []));
    expect(ids).toContain(branch);
    expect(ids).not.toContain(idAt(20_000));
  });

  test("tells how far it is, and stops where nobody takes more", async () => {
    const source = createTransferSource(createDriver().connect(file, { readonly: true, fileMustExist: true }));
    const told: number[] = [];
    const taken = exportChains(
      source,
      { kind: "everything" },
      async () => {},
      ({ interactions }) => told.push(interactions),
    );
    expect((await taken).interactions).toBe(10);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const full = new Error("no room");
    const sink = () => Promise.reject(full);
    await expect(exportChains(source, { kind: "everything" }, sink)).rejects.toBe(full);
    source.close();
  });
});

describe("what is stored and cannot be imported", () => {
  test.each([
    [
      "has a count that is none",
      "update interactions set usage = '{\"total_tokens\":-1}' where id = ?",
      "usage.total_tokens: ",
    ],
    [
      "has lost a part of its log",
      "delete from events where sequence = 3 and interaction = (select key from interactions where id = ?)",
      "comes where event 3 should",
    ],
    [
      "has a step that its log does not add up to",
      'update steps set body = \'{"type":"thought"}\' where "index" = 1 and side = \'output\' and interaction = (select key from interactions where id = ?)',
      "step 1 of the output of interactions/",
    ],
    [
      "has a step that is no JSON",
      "update steps set body = '{' where \"index\" = 0 and side = 'output' and interaction = (select key from interactions where id = ?)",
      "is not valid JSON.",
    ],
    [
      "has settings that are no JSON",
      "update interactions set settings = '{' where id = ?",
      "its row holds what is no JSON.",
    ],
    [
      "has a medium that nothing names",
      `insert into blobs values ('${"0".repeat(64)}', 1, x'00'); insert into blob_uses select key, '${"0".repeat(64)}', null from interactions where id = ?`,
      "its media are not those",
    ],
  ])("is left out of an export that can be imported, and told: what %s", async (_name, sql, reason) => {
    write(sql.replace("?", `'${branch}'`));
    const { bytes, summary } = await exportOf(file);
    expect(summary).toMatchObject({ interactions: 9, unsound: 1, reasons: [{ id: branch }] });
    expect(summary.reasons[0]?.reason).toContain(reason);
    expect(await importInto(join(folder, "other.db"), bytes)).toMatchObject({ interactions: 9 });
  });

  test.each([
    ["has lost a piece", "delete from blob_pieces where place = 1", "is not stored whole."],
    ["has lost its end", "update blob_pieces set bytes = x'00' where place = 2", "is not stored whole."],
    ["has other bytes", "update blob_pieces set bytes = zeroblob(length(bytes))", "is damaged"],
    ["is gone", "pragma foreign_keys = off; delete from blobs where length(bytes) < size", "is not stored"],
  ])("is left out with the interactions that have a medium which %s", async (_name, sql, reason) => {
    write(sql);
    const { bytes, summary } = await exportOf(file);
    expect(summary).toMatchObject({ interactions: 6, unsound: 4 });
    for (const one of summary.reasons) expect(one.reason).toContain(reason);
    expect(await importInto(join(folder, "other.db"), bytes)).toMatchObject({ interactions: 6, orphans: 0 });
  });

  test("are credentials, which older files may hold: they are no part of an export", async () => {
    const tools = [{ type: "mcp_server", name: "library", headers: { authorization: "Bearer secret" } }];
    write(`update interactions set settings = '${JSON.stringify({ tools })}' where id = '${branch}'`);
    const { bytes, summary } = await exportOf(file);
    expect(summary.unsound).toBe(0);
    expect(bytes.toString()).not.toContain("secret");
  });
});
