import { type SQL, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAsk } from "../../db/archive/ask.ts";
import { createReadLogs } from "../../db/archive/read-logs.ts";
import type { Event } from "../../schema/core/event.ts";
import { begunAs, logFrom } from "../cases/store.ts";
import { openArchive } from "./open-archive.ts";

let opened: ReturnType<typeof openArchive>;
beforeEach(() => {
  opened = openArchive();
});
afterEach(() => opened.store.close());

/** Stores a log with texts of so many characters; gives the interaction's id. */
async function storeLog(name: string, characters: number, count: number): Promise<string> {
  const begun = begunAs(name);
  const text: Event = { type: "step.delta", index: 0, delta: { type: "text", text: "x".repeat(characters) } };
  await opened.store.insert(begun, logFrom(1, ...Array.from({ length: count }, () => text)));
  return begun.id;
}

/** What is read from logs, with the rows that were taken and how each query was carried out. */
function watched() {
  const ask = createAsk(opened.storage.database.connection);
  const seen = { rows: 0, plans: [] as string[] };
  const logs = createReadLogs({
    ...ask,
    *each<Row>(query: SQL) {
      const plan = ask.all<{ detail: string }>(sql`explain query plan ${query}`);
      seen.plans.push(plan.map(({ detail }) => detail).join("; "));
      for (const row of ask.each<Row>(query)) {
        seen.rows += 1;
        yield row;
      }
    },
  });
  return { logs, seen };
}

describe("parts of many logs", () => {
  test("are those of each log alone, in the order of the ids, and end early where events are large", async () => {
    const [small, large, other, none] = [
      await storeLog("small", 10, 30),
      await storeLog("large", 300_000, 30),
      await storeLog("other", 300_000, 2),
      begunAs("none").id,
    ];
    const { logs, seen } = watched();
    const ids = [large, none, small, large, other];
    const found = logs.events(ids, 0, 30);
    expect([...found.keys()]).toEqual([large, small, other]);
    expect([...found.values()].map((log) => log.length)).toEqual([4, 30, 2]);
    for (const id of ids) {
      expect(found.get(id) ?? []).toEqual(found.has(id) ? await opened.store.events(id, 0, 30) : []);
    }
    expect(seen.rows).toBe(36);
    expect(seen.plans).toHaveLength(2);
    for (const plan of seen.plans) expect(plan).not.toContain("TEMP B-TREE");
  });

  test("cost one query where no log is large", async () => {
    const ids = [await storeLog("a", 10, 5), await storeLog("b", 10, 5), await storeLog("c", 10, 5)];
    const { logs, seen } = watched();
    expect([...logs.events(ids, 2, 2).values()].map((log) => log.map(({ sequence }) => sequence))).toEqual([
      [3, 4],
      [3, 4],
      [3, 4],
    ]);
    expect(seen).toMatchObject({ rows: 6, plans: [expect.any(String)] });
  });
});
