import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSqliteArchive } from "../../db/archive/sqlite-archive.ts";
import { createDriver } from "../../db/driver.ts";
import { createSqliteStore } from "../../db/sqlite-store.ts";
import { openStorage, type Storage } from "../../db/storage.ts";
import type { Store } from "../../db/store.ts";
import type { Archive } from "../../schema/archive.ts";
import { begins, begunAs, logFrom } from "../cases/store.ts";

const kibi = 1024;
const piece = 256 * kibi;
const limit = 700 * kibi;

let storage: Storage;
let store: Store;
let archive: Archive;
beforeEach(() => {
  storage = openStorage({ driver: createDriver(), file: ":memory:", mediaBytes: limit, lasting: true });
  store = createSqliteStore(storage);
  archive = createSqliteArchive(storage);
});
afterEach(() => store.close());

/** Byte by byte what its place says, so that a part in the wrong place shows. */
const bytesOf = (length: number) => Buffer.from(Array.from({ length }, (_, index) => index % 251));
const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const imageOf = (bytes: Buffer) => ({
  type: "image" as const,
  mime_type: "image/png",
  data: bytes.toString("base64"),
});
const withImage = (name: string, bytes: Buffer) =>
  begunAs(name, { input: [{ type: "user_input", content: [imageOf(bytes)] }] });

const ask = (sql: string) => storage.database.connection.prepare(sql).pluck().all();
const lengths = () => ask("select length(bytes) from blob_pieces order by sha256, place");

/** Makes one value of what is in pieces, as older files have it. */
function takeBack(bytes: Buffer): void {
  const { connection } = storage.database;
  connection.prepare("update blobs set bytes = ? where sha256 = ?").run(bytes, hashOf(bytes));
  connection.prepare("delete from blob_pieces where sha256 = ?").run(hashOf(bytes));
}

describe("large media", () => {
  test("is kept in pieces, once, and comes back whole", async () => {
    const bytes = bytesOf(limit);
    const [first, second] = [withImage("a", bytes), withImage("b", bytes)];
    await store.insert(first, begins);
    await store.insert(second, begins);
    expect(lengths()).toEqual([piece, piece, limit - 2 * piece]);
    expect(ask("select size || ' ' || length(bytes) from blobs")).toEqual([`${limit} 0`]);
    for (const { id, input } of [first, second]) expect((await store.find(id))?.input).toEqual(input);
    expect((await store.chain(first.id))[0]?.steps).toEqual(first.input);
    const step = { type: "model_output" as const, content: [imageOf(bytes)] };
    await store.append(first.id, logFrom(2, { type: "step.start", index: 0, step }));
    expect(await store.events(first.id, 1, 9)).toMatchObject([{ event: { step } }]);
    expect(lengths()).toHaveLength(3);
  });

  test.each([
    [piece, []],
    [piece + 1, [piece, 1]],
    [2 * piece, [piece, piece]],
  ])("of %i bytes has pieces of %j bytes", async (size, pieces) => {
    const begun = withImage("a", bytesOf(size));
    await store.insert(begun, begins);
    expect(lengths()).toEqual(pieces);
    expect((await store.find(begun.id))?.input).toEqual(begun.input);
    expect(Buffer.from((await (await archive.media(hashOf(bytesOf(size))))?.read(0, size)) ?? [])).toEqual(
      bytesOf(size),
    );
  });

  test("takes its pieces along, with the last that used it and not before, by removal and by expiry", async () => {
    const bytes = bytesOf(limit);
    const [first, second] = [withImage("a", bytes), withImage("b", bytes)];
    for (const begun of [first, second]) await store.insert(begun, begins);
    await store.remove(first.id);
    expect(lengths()).toHaveLength(3);
    await store.finish({ ...second, status: "completed" }, logFrom(2, { type: "finish", status: "completed" }));
    const media = await archive.media(hashOf(bytes));
    await store.expire([{ status: "completed", before: Number.MAX_SAFE_INTEGER }], 10);
    expect(lengths()).toEqual([]);
    expect(ask("select count(*) from blobs")).toEqual([0]);
    await expect(media?.read(0, 1)).rejects.toMatchObject({ code: "not_found" });
  });

  test("leaves no piece where the write that brought it fails", async () => {
    const begun = withImage("a", bytesOf(limit));
    await expect(store.insert(begun, [...begins, ...begins])).rejects.toThrow();
    expect(lengths()).toEqual([]);
    const tooLarge = withImage("b", bytesOf(limit + 1));
    await expect(store.insert(tooLarge, begins)).rejects.toMatchObject({ code: "request_too_large" });
    expect(lengths()).toEqual([]);
  });

  test("that has lost a piece is never taken for whole", async () => {
    const bytes = bytesOf(limit);
    const begun = withImage("a", bytes);
    await store.insert(begun, begins);
    ask("delete from blob_pieces where place = 1 returning place");
    await expect(store.find(begun.id)).rejects.toThrow("piece 1");
    const media = await archive.media(hashOf(bytes));
    expect(await media?.read(0, piece)).toHaveLength(piece);
    await expect(media?.read(0, piece + 1)).rejects.toThrow("piece 1");
  });
});

describe.each(["in pieces", "as one value of an older file"])("large media %s", (form) => {
  const bytes = bytesOf(limit);
  const begun = withImage("a", bytes);
  beforeEach(async () => {
    await store.insert(begun, begins);
    if (form !== "in pieces") takeBack(bytes);
  });

  test("is read in parts, within pieces and across their borders", async () => {
    const media = await archive.media(hashOf(bytes));
    expect(media).toMatchObject({ size: limit, mime_type: "image/png" });
    for (const [from, to] of [
      [0, limit],
      [piece - 1, piece + 1],
      [piece, 2 * piece],
      [10, 12],
      [100, 2 * piece + 100],
      [12, 10],
      [-5, 3],
      [limit - 1, limit + 500],
      [limit, limit + 1],
      [limit + 5, limit + 9],
    ] as const) {
      const part = Buffer.from((await media?.read(from, to)) ?? []);
      expect([from, to, part.equals(bytes.subarray(Math.max(0, from), Math.max(0, to)))]).toEqual([from, to, true]);
    }
  });

  test("comes back whole, is the same as what is sent again, and goes when nobody uses it", async () => {
    expect((await store.find(begun.id))?.input).toEqual(begun.input);
    const again = withImage("b", bytes);
    const pieces = lengths();
    await store.insert(again, begins);
    expect(lengths()).toEqual(pieces);
    expect((await store.find(again.id))?.input).toEqual(begun.input);
    for (const { id } of [begun, again]) await store.remove(id);
    expect(ask("select count(*) from blobs")).toEqual([0]);
    expect(lengths()).toEqual([]);
  });
});

test("a part of large media loads the pieces that it lies in, and a large value of an older file a few times", async () => {
  const bytes = bytesOf(limit);
  await store.insert(withImage("a", bytes), begins);
  // A piece that is gone shows that it was not needed.
  ask("delete from blob_pieces where place <> 1 returning place");
  const media = await archive.media(hashOf(bytes));
  expect(await media?.read(piece, 2 * piece)).toHaveLength(piece);

  takeBack(bytes);
  const old = await archive.media(hashOf(bytes));
  const ahead = limit / 8;
  expect(await old?.read(0, 10)).toHaveLength(10);
  storage.database.connection.prepare("update blobs set bytes = zeroblob(size)").run();
  expect(await old?.read(10, ahead)).toEqual(bytes.subarray(10, ahead));
  expect(await old?.read(ahead, ahead + 1)).toEqual(Buffer.alloc(1));
});
