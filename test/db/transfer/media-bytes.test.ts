import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDriver } from "../../../db/driver.ts";
import { PIECE_BYTES } from "../../../db/media-bytes.ts";
import { createSqliteStore } from "../../../db/sqlite-store.ts";
import { openStorage, type Storage } from "../../../db/storage.ts";
import { receiveMedia } from "../../../db/transfer/receive-media.ts";
import { createTransferSource } from "../../../db/transfer/transfer-source.ts";
import * as records from "../../../schema/transfer/records.ts";
import type { StoredBytes } from "../../../schema/transfer.ts";
import { begins, begunAs } from "../../cases/store.ts";

const mediaBytes = 1 << 20;
let folder: string;
let storage: Storage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-transfer-"));
  storage = openStorage({ driver: createDriver(), file: join(folder, "hub.db"), mediaBytes, lasting: true });
});
afterEach(() => {
  storage.database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Byte by byte what its place says, so that a part in the wrong place shows. */
const bytesOf = (length: number) => Buffer.from(Array.from({ length }, (_, index) => index % 251));
const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const sizes = [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 3 * PIECE_BYTES + 7];

async function piecesOf(stored: StoredBytes): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of stored.pieces()) pieces.push(Buffer.from(piece));
  return pieces;
}

describe("the bytes of a medium", () => {
  test.each(sizes)(
    "are kept in the one form that a hub gives them, whatever pieces they come in: %i bytes",
    async (size) => {
      const bytes = bytesOf(size);
      for (const length of [PIECE_BYTES, 1000, PIECE_BYTES * 2 + 3]) {
        const sink = receiveMedia(hashOf(bytes), size, storage.media, storage.statements);
        for (let from = 0; from < size; from += length) await sink.add(bytes.subarray(from, from + length));
        await sink.end();
        const kept = storage.database.connection.prepare("select size, length(bytes) as length from blobs").all();
        expect(kept).toEqual([{ size, length: size > PIECE_BYTES ? 0 : size }]);
        expect(storage.media.whole(hashOf(bytes))?.equals(bytes)).toBe(true);
        storage.statements.removeBlob.run({ sha256: hashOf(bytes) });
      }
    },
  );

  test.each(sizes)(
    "leave in pieces of one length, also where an older file has them as one value: %i bytes",
    async (size) => {
      const bytes = bytesOf(size);
      const image = { type: "image" as const, data: bytes.toString("base64") };
      const store = createSqliteStore(storage);
      await store.insert(begunAs("a", { input: [{ type: "user_input", content: [image] }] }), begins);
      for (const isOld of [false, true]) {
        if (isOld) {
          storage.database.connection.prepare("update blobs set bytes = ?").run(bytes);
          storage.database.connection.exec("delete from blob_pieces");
        }
        const source = createTransferSource(createDriver().connect(join(folder, "hub.db"), { readonly: true }));
        const stored = await source.media(hashOf(bytes));
        const pieces = await piecesOf(stored);
        source.close();
        expect(stored.size).toBe(size);
        expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
        expect(pieces.slice(0, -1).every(({ length }) => length === records.PIECE_BYTES)).toBe(true);
      }
    },
  );

  test("that are gone are an error, and not an empty medium", async () => {
    const source = createTransferSource(createDriver().connect(join(folder, "hub.db"), { readonly: true }));
    await expect(source.media("0".repeat(64))).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining("is not stored"),
    });
    source.close();
  });
});
