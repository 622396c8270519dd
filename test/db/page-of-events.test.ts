import { describe, expect, test } from "vitest";
import { createPageOfEvents } from "../../db/page-of-events.ts";
import type { Event, LoggedEvent } from "../../schema/core/event.ts";

/** A log with texts of these lengths, and how many characters of it were read. */
function logOf(lengths: readonly number[]) {
  const rows = lengths.map((length, place) => {
    const event: Event = { type: "step.delta", index: 0, delta: { type: "text", text: "x".repeat(length) } };
    return { sequence: place + 1, at: place, body: JSON.stringify(event) };
  });
  const read = { queries: 0, characters: 0 };
  const pageOfEvents = createPageOfEvents({
    eventsAfter: {
      all({ after, limit }) {
        const found = rows.slice(Number(after), Number(after) + Number(limit));
        read.queries += 1;
        for (const { body } of found) read.characters += body.length;
        return found;
      },
    },
  });
  return { pageOfEvents, read, characters: rows.reduce((sum, { body }) => sum + body.length, 0) };
}

/** Reads a log to its end, page by page. */
function readAll({ pageOfEvents }: ReturnType<typeof logOf>, limit: number): LoggedEvent[][] {
  const pages: LoggedEvent[][] = [];
  for (let after = 0; ; ) {
    const page = pageOfEvents(1, after, limit);
    const last = page.at(-1);
    if (last === undefined) return pages;
    pages.push(page);
    after = last.sequence;
  }
}

const repeated = (length: number, count: number) => Array.from({ length: count }, () => length);

describe("the pages of a log", () => {
  test.each([
    ["small events", repeated(20, 500)],
    ["events of 100 KB", repeated(100_000, 60)],
    ["events larger than a page", repeated(2_000_000, 20)],
    ["small events before large ones", [...repeated(20, 40), ...repeated(2_000_000, 20)]],
    ["large events between small ones", Array.from({ length: 200 }, (_, place) => (place % 20 === 19 ? 500_000 : 20))],
  ])("of %s are the whole log in order, and cost little more than it", (_, lengths) => {
    const log = logOf(lengths);
    const pages = readAll(log, 128);
    expect(pages.flat().map(({ sequence }) => sequence)).toEqual(lengths.map((_, place) => place + 1));
    for (const page of pages) {
      const before = page.slice(0, -1).reduce((sum, { event }) => sum + JSON.stringify(event).length, 0);
      expect(before).toBeLessThanOrEqual(1 << 20);
    }
    expect(log.read.characters).toBeLessThan(log.characters * 4.5);
  });

  test("of a stream that is followed live are one query while there are few new events or none", () => {
    const log = logOf(repeated(20, 50));
    expect(log.pageOfEvents(1, 47, 128)).toHaveLength(3);
    expect(log.pageOfEvents(1, 50, 128)).toEqual([]);
    expect(log.read.queries).toBe(2);
  });

  test("take few queries for many small events", () => {
    const log = logOf(repeated(20, 200));
    readAll(log, 128);
    expect(log.read.queries).toBeLessThanOrEqual(5);
  });

  test("have at most as many events as are asked for, and end where they are told to", () => {
    const log = logOf(repeated(20, 50));
    expect(log.pageOfEvents(1, 0, 1)).toHaveLength(1);
    expect(log.pageOfEvents(1, 10, 30).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 30 }, (_, place) => place + 11),
    );
    expect(log.pageOfEvents(1, 0, 0)).toEqual([]);
    let count = 0;
    const third = () => {
      count += 1;
      return count === 3;
    };
    expect(log.pageOfEvents(1, 0, 50, third)).toHaveLength(3);
  });
});
