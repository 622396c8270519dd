import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { begins, begunAs, logFrom, storeEnded } from "../cases/store.ts";
import { idsOf, openArchive } from "./open-archive.ts";

let folder: string;
let opened: ReturnType<typeof openArchive>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-changes-"));
  opened = openArchive(join(folder, "hub.db"));
});
afterEach(async () => {
  await opened.store.close();
  rmSync(folder, { recursive: true, force: true });
});

const newest = { by: "created", direction: "descending" } as const;

/** Whether the bell has rung for a ticket. */
async function isRung({ rung }: { rung: Promise<void> }): Promise<boolean> {
  return Promise.race([rung.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
}

describe("the bell of changes", () => {
  test("rings when an interaction begins, ends, gets labels, is removed or expires, once that can be read", async () => {
    const { store, archive } = opened;
    const begun = begunAs("a");
    const finish = logFrom(2, { type: "finish", status: "completed" });
    const acts = [
      () => store.insert(begun, begins),
      () => archive.set_labels(begun.id, { team: "two" }),
      () => store.finish({ ...begun, status: "completed", updated_at: 5 }, finish),
      () => store.remove(begun.id),
      () => storeEnded(store, begunAs("old"), { status: "completed", at: 5 }),
      () => store.expire([{ status: "completed", before: 10 }], 10),
    ];
    for (const act of acts) {
      const before = await archive.latest_change();
      const ticket = archive.next_change();
      const read = ticket.rung.then(() => archive.changed_since(before, {}, 10));
      await act();
      expect(await isRung(ticket)).toBe(true);
      expect((await read).changes).toHaveLength(1);
    }
  });

  test("is silent when nothing of that kind happens, and lets go of who gives a ticket back", async () => {
    const { store, archive } = opened;
    const ended = await storeEnded(store, begunAs("ended"));
    const begun = begunAs("a");
    await store.insert(begun, begins);
    const ticket = archive.next_change();
    await store.append(begun.id, logFrom(2, { type: "step.start", index: 0, step: { type: "thought" } }));
    await store.finish({ ...ended, status: "failed" }, logFrom(9, { type: "finish", status: "failed" }));
    await store.remove("v1_none");
    await archive.set_labels("v1_none", {});
    await store.expire([{ status: "completed", before: 0 }], 10);
    expect(await isRung(ticket)).toBe(false);
    ticket.giveBack();
    expect(await isRung(ticket)).toBe(true);
  });
});

describe("the changes", () => {
  test("go on where they were when the file is opened again", async () => {
    const { store, archive } = opened;
    const first = await storeEnded(store, begunAs("first"));
    const gone = await storeEnded(store, begunAs("gone"));
    const cursor = await archive.latest_change();
    await store.remove(gone.id);
    await store.close();
    opened = openArchive(join(folder, "hub.db"));
    const second = await storeEnded(opened.store, begunAs("second"));
    const page = await opened.archive.changed_since(cursor, {}, 10);
    expect(page).toMatchObject({ has_more: false, missed_removals: false });
    expect(page.changes.map(({ id, interaction }) => [id, interaction?.status])).toEqual([
      [gone.id, undefined],
      [second.id, "completed"],
    ]);
    expect((await opened.archive.changed_since(0, {}, 10)).changes.map(({ id }) => id)).toContain(first.id);
    expect(await opened.archive.changed_since(page.cursor, {}, 10)).toMatchObject({ changes: [], cursor: page.cursor });
  });

  test("say so when more was removed than is remembered", async () => {
    const { store, archive } = opened;
    await storeEnded(store, begunAs("a"));
    const cursor = await archive.latest_change();
    for (let batch = 0; batch < 12; batch += 1) {
      const all = Array.from({ length: 1000 }, (_, index) => begunAs(`${batch}-${index}`, { input: [] }));
      await Promise.all(all.map((begun) => store.insert(begun, [])));
      await Promise.all(all.map(({ id }) => store.remove(id)));
    }
    expect(await archive.changed_since(cursor, {}, 10)).toMatchObject({ missed_removals: true, has_more: true });
    expect(await archive.changed_since(0, {}, 10)).toMatchObject({ missed_removals: false });
    const [late] = (await archive.changed_since((await archive.latest_change()) - 5000, {}, 10)).changes;
    expect(late?.interaction).toBeUndefined();
    expect((await archive.changed_since((await archive.latest_change()) - 5000, {}, 10)).missed_removals).toBe(false);
  });
});

describe("labels", () => {
  test("that are set replace those of the request, for every reader, and outlive the end of the run", async () => {
    const { store, archive } = opened;
    const begun = begunAs("a");
    await store.insert(begun, begins);
    const head = await archive.set_labels(begun.id, { team: "two", stage: "" });
    expect(head).toEqual((await archive.heads([begun.id]))[0]);
    expect(head?.settings).toEqual({ system_instruction: "Be brief.", labels: { team: "two", stage: "" } });
    await store.finish(
      { ...begun, status: "completed", updated_at: 5 },
      logFrom(2, { type: "finish", status: "completed" }),
    );
    expect((await store.find(begun.id))?.settings.labels).toEqual({ team: "two", stage: "" });
    const labelled = async (key: string, value?: string) =>
      idsOf(await archive.list({ labels: [value === undefined ? { key } : { key, value }] }, newest, { limit: 5 }));
    expect(await labelled("team", "two")).toEqual([begun.id]);
    expect(await labelled("team", "one")).toEqual([]);
    expect(await labelled("stage")).toEqual([begun.id]);
    expect((await archive.set_labels(begun.id, {}))?.settings).toEqual({ system_instruction: "Be brief." });
    expect(await labelled("team")).toEqual([]);
    expect(await archive.set_labels("v1_none", {})).toBeUndefined();
  });
});
