import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseInteractionId } from "../../../schema/core/interaction-id.ts";
import { contentOf, exportOf, fill, importInto, type JsonLine, linesOf } from "./open-transfer.ts";
import { begunAt, fillVaried, idAt, keep, times, whole } from "./varied-store.ts";

let folder: string;
let source: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-transfer-"));
  [source, target] = [join(folder, "source.db"), join(folder, "target.db")];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const end = { type: "finish" as const, status: "completed" as const };
const image = { type: "image" as const, data: Buffer.alloc(5, 9).toString("base64") };
const [root, child, grandchild] = [idAt(1000), idAt(2000, 1000), idAt(3000, 1000)];

/** Three interactions, each of which goes on from the one before, with an image in the middle. */
function fillChain(file: string): Promise<void> {
  return fill(file, async (store) => {
    await keep(store, begunAt(1000), [], end);
    const links = { root_id: root, previous_id: root };
    await keep(store, begunAt(2000, { id: child, ...links }), whole([{ type: "model_output", content: [image] }]), end);
    const input = [{ type: "user_input" as const, content: [image] }];
    await keep(store, begunAt(3000, { id: grandchild, ...links, previous_id: child, input }), [], end);
  });
}

const headsOf = (bytes: Buffer): JsonLine[] => linesOf(bytes).filter(({ type }) => type === "interaction");
const idsOf = (bytes: Buffer) => headsOf(bytes).map(({ id }) => id);

describe("interactions that are stored already", () => {
  test("end the import, and nothing is changed", async () => {
    await fillChain(source);
    const { bytes } = await exportOf(source);
    await importInto(target, bytes);
    const before = contentOf(target);
    await expect(importInto(target, bytes)).rejects.toMatchObject({
      code: "failed_precondition",
      message: `line 2: interactions/${root}: is stored already. Skip what is stored (--existing skip), or import under new ids (--ids new).`,
    });
    expect(contentOf(target)).toEqual(before);
  });

  test("are skipped if that is asked for, and the rest goes on from them", async () => {
    await fillChain(source);
    const { bytes } = await exportOf(source);
    await importInto(target, (await exportOf(source, { kind: "chains", ids: [child], only: "ancestors" })).bytes);
    expect(await importInto(target, bytes, { existing: "skip" })).toMatchObject({
      interactions: 1,
      skipped: 2,
      orphans: 0,
    });
    expect(contentOf(target)).toEqual(contentOf(source));
    expect(await importInto(target, bytes, { existing: "skip" })).toMatchObject({ interactions: 0, skipped: 3 });
    expect(contentOf(target)).toEqual(contentOf(source));
  });

  test("stay as they are, and bring no media that nobody has", async () => {
    await fillChain(source);
    const { bytes } = await exportOf(source, { kind: "chains", ids: [child], only: "ancestors" });
    await fill(target, async (store) => {
      await keep(store, begunAt(1000), [], end);
      await keep(store, begunAt(2000, { id: child, root_id: root, previous_id: root }), [], end);
    });
    const before = contentOf(target);
    expect(await importInto(target, bytes, { existing: "skip" })).toMatchObject({
      interactions: 0,
      skipped: 2,
      media: 1,
    });
    expect(contentOf(target)).toEqual(before);
  });

  test("are checked like all others", async () => {
    await fillChain(source);
    const { bytes } = await exportOf(source);
    await importInto(target, bytes);
    const altered = Buffer.from(bytes.toString().replace("Said at 2000", "Said at 2001"));
    await expect(importInto(target, altered, { existing: "skip" })).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("do not get a beginning that comes later than they did", async () => {
    await fillChain(source);
    const { bytes } = await exportOf(source);
    await importInto(target, bytes);
    await fill(target, async (store) => void (await store.remove(child)));
    await expect(importInto(target, bytes, { existing: "skip" })).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining(
        `interactions/${child}: ${grandchild}, which goes on from it, is stored without it.`,
      ),
    });
  });
});

describe("new ids", () => {
  test("are given to all, and links within the file lead where they did", async () => {
    await fill(source, fillVaried);
    const { bytes } = await exportOf(source);
    expect(await importInto(target, bytes, { ids: "new" })).toMatchObject({ interactions: 10, orphans: 1 });
    const renamed = (await exportOf(target)).bytes;
    const [old, other] = [idsOf(bytes), idsOf(renamed)];
    expect(new Set([...old, ...other]).size).toBe(20);
    let back = renamed.toString();
    for (const [index, id] of other.entries()) back = back.replaceAll(String(id), String(old[index]));
    const plain = (text: string) => text.replaceAll(/"sha256":"[0-9a-f]{64}"\}/g, "");
    expect(plain(back)).toBe(plain(bytes.toString()));
    const lost = headsOf(renamed).find(({ created_at }) => created_at === times.orphan);
    expect(lost).toMatchObject({ previous_id: idAt(times.lost), root_id: idAt(times.lost) });
  });

  test("have the form and the times of the old ones, the root's part too, and differ by each import", async () => {
    await fillChain(source);
    const { bytes } = await exportOf(source);
    await importInto(target, bytes);
    const made: string[][] = [];
    for (const seed of [1, 2]) {
      await importInto(target, bytes, { ids: "new", random: (count) => new Uint8Array(count).fill(seed) });
      const ids = idsOf((await exportOf(target)).bytes).map(String);
      made.push(ids.slice(seed * 3));
    }
    expect(new Set(made.flat()).size).toBe(6);
    for (const ids of made) {
      const [first, ...rest] = ids.map((id) => parseInteractionId(id));
      expect(first?.own).toBe(first?.root);
      for (const parts of rest) expect(parts?.root).toBe(first?.own);
      const times = [first, ...rest].map((parts) => parts?.own.slice(0, 11));
      expect(times).toEqual([root, child, grandchild].map((id) => parseInteractionId(id)?.own.slice(0, 11)));
    }
  });

  test("do not collide with what goes on from the old ones", async () => {
    await fillChain(source);
    const { bytes } = await exportOf(source);
    await importInto(target, bytes);
    await fill(target, async (store) => void (await store.remove(root)));
    expect(await importInto(target, bytes, { ids: "new" })).toMatchObject({ interactions: 3, orphans: 0 });
  });
});

test("what a sweep would forget at once is counted", async () => {
  await fillChain(source);
  const { bytes } = await exportOf(source);
  const hasOutlived = (status: string, updatedAt: number) => status === "completed" && updatedAt < 2500;
  expect(await importInto(target, bytes, { hasOutlived })).toMatchObject({ interactions: 3, outlived: 2 });
});
