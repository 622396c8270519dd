import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type InteractionOrder, type Key, MOST_ITEMS } from "../../schema/archive.ts";
import { orders } from "../cases/archive.ts";
import { begins, begunAs, storeEnded } from "../cases/store.ts";
import { idsOf, little, openArchive } from "./open-archive.ts";

let opened: ReturnType<typeof openArchive>;
beforeEach(() => {
  opened = openArchive();
});
afterEach(() => opened.store.close());

const newest = { by: "created", direction: "descending" } as const;

describe("pages", () => {
  test.each(orders.flatMap((order) => [false, true].map((backward) => ({ ...order, backward }))))(
    "by $by, $direction, backward $backward, give each once and in order while others come and go",
    async (order) => {
      const { store, archive } = opened;
      const { backward } = order;
      const stored: string[] = [];
      for (let index = 0; index < 20; index += 1) {
        stored.push((await storeEnded(store, begunAs(`${index}`), { status: "completed", at: 1000 + index * 10 })).id);
      }
      const gone = new Set<string>();
      const seen: string[] = [];
      let key: Key | undefined;
      for (let round = 0; ; round += 1) {
        const from = key === undefined ? {} : { [backward ? "before" : "after"]: key };
        const page = await archive.list({}, order, { limit: 3, backward, ...from });
        if (backward) seen.unshift(...idsOf(page));
        else seen.push(...idsOf(page));
        if (!(backward ? page.has_previous : page.has_next) || round > 20) break;
        key = page.edges.at(backward ? 0 : -1)?.key;
        // One that comes, one that goes although the page ended with it, and one that goes unseen.
        await storeEnded(store, begunAs(`late-${round}`), { status: "completed", at: 5000 + round });
        const last = idsOf(page).at(backward ? 0 : -1);
        const unseen = stored.find((id) => !seen.includes(id) && !gone.has(id));
        for (const id of [last, unseen]) {
          if (id === undefined || round % 2 === 0) continue;
          gone.add(id);
          await store.remove(id);
        }
      }
      const expected = stored.filter((id) => seen.includes(id) || !gone.has(id));
      const inOrder = order.direction === "ascending" ? expected : expected.toReversed();
      expect(seen.filter((id) => stored.includes(id))).toEqual(inOrder);
      expect(new Set(seen).size).toBe(seen.length);
    },
  );

  test("are bounded, may be empty, and refuse keys that are not theirs", async () => {
    const { store, archive } = opened;
    await Promise.all(Array.from({ length: MOST_ITEMS + 1 }, (_, index) => store.insert(begunAs(`${index}`), begins)));
    const page = await archive.list({}, newest, { limit: 5000 });
    expect(page.edges).toHaveLength(MOST_ITEMS);
    expect(page.has_next).toBe(true);
    expect(await archive.list({}, newest, { limit: 0 })).toEqual({ edges: [], has_next: true, has_previous: false });
    const updated: InteractionOrder = { by: "updated", direction: "descending" };
    const [edge] = page.edges;
    const reads = [
      () => archive.list({}, updated, { limit: 1, after: edge?.key ?? [] }),
      () => archive.list({}, newest, { limit: 1, before: [1, 2] }),
      () => archive.list({}, newest, { limit: 1, after: [Number.NaN] }),
      () => archive.search({ text: "hello" }, { limit: 1, after: [1] }),
      () => archive.children([edge?.node.id ?? ""], { limit: 1, after: [] }),
    ];
    const hostile = archive.search({ text: "hello", filter: { has_error: true } }, { limit: 1, after: [0, 0, 1e300] });
    expect((await hostile).edges).toEqual([]);
    for (const read of reads) await expect(read()).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("of a filter with too many values are refused", async () => {
    const ids = Array.from({ length: MOST_ITEMS + 1 }, (_, index) => `v1_${index}`);
    await expect(opened.archive.list({ ids }, newest, { limit: 1 })).rejects.toMatchObject({ code: "invalid_request" });
    expect((await opened.archive.list({ ids: ids.slice(1) }, newest, { limit: 1 })).edges).toEqual([]);
  });

  test("of a stretch of time have all of it although the clock was set back", async () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(times, fc.nat(50), fc.nat(50), async (created, from, before) => {
        const { store, archive } = openArchive(":memory:", little);
        const all = created.map((created_at, index) => begunAs(`${index}`, { created_at }));
        for (const begun of all) await store.insert(begun, begins);
        const wanted = { created_from: from, created_before: before };
        const page = await archive.list(wanted, { by: "created", direction: "ascending" }, { limit: 50 });
        const expected = all.filter(({ created_at }) => from <= created_at && created_at < before);
        expect(idsOf(page)).toEqual(expected.map(({ id }) => id));
        await store.close();
      }),
      { numRuns: 50 },
    );
  });
});
