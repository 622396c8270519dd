import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../db/store.ts";
import type { Event, LoggedEvent } from "../../schema/core/event.ts";
import { foldLog } from "../../schema/core/fold.ts";
import type { Interaction, TerminalStatus } from "../../schema/core/interaction.ts";
import { formatInteractionId } from "../../schema/core/interaction-id.ts";
import { logged } from "./arbitraries.ts";

/** Media that the stores of these tests keep, in bytes. */
export const mediaLimit = 1024;

/** A new interaction with one line of input. `name` makes its id. */
export function begunAs(name: string, overrides: Partial<Interaction> = {}): Interaction {
  const id = formatInteractionId({ root: name, own: name });
  return {
    id,
    root_id: id,
    status: "in_progress",
    model: "m",
    provider: "p",
    revision: "steps",
    store: true,
    background: false,
    created_at: 1000,
    updated_at: 1000,
    settings: { system_instruction: "Be brief.", labels: { team: "one" } },
    input: [{ type: "user_input", content: [{ type: "text", text: `Hello from ${name}` }] }],
    output: [],
    ...overrides,
  };
}

/** Events from a sequence on, ten milliseconds apart. */
export function logFrom(first: number, ...events: Event[]): LoggedEvent[] {
  return events.map((event, index) => ({ sequence: first + index, at: 1000 + (first + index) * 10, event }));
}

export const begins: LoggedEvent[] = logFrom(1, { type: "status", status: "in_progress" });

/** An image of so many bytes, all of one value. */
export function imageOf(value: number, bytes = 100) {
  return { type: "image" as const, mime_type: "image/png", data: Buffer.alloc(bytes, value).toString("base64") };
}

/** Inserts an interaction and ends it at once, after it said one text; gives what it was told to keep. */
export async function storeEnded(
  store: Store,
  begun: Interaction,
  end: { status: TerminalStatus; at?: number } = { status: "completed" },
): Promise<Interaction> {
  const rest = logFrom(
    2,
    { type: "step.start", index: 0, step: { type: "model_output", content: [{ type: "text", text: "Hi" }] } },
    { type: "step.stop", index: 0 },
    { type: "finish", status: end.status, usage: { total_tokens: 3 } },
  ).map((one) => ({ ...one, at: end.at ?? one.at }));
  await store.insert(begun, begins);
  const ended = foldLog(begun, [...begins, ...rest]);
  await store.finish(ended, rest);
  return ended;
}

/** The suite of the port: everything that stores, passes it. */
export function storeSuite(name: string, open: () => Store): void {
  describe(`a store ${name}`, () => {
    let store: Store;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => store.close());

    test("gives back what it was given, while it runs and when it has ended", async () => {
      await fc.assert(
        fc.asyncProperty(logged, fc.nat(), async ({ begun: drawn, log }, place) => {
          const begun = { ...drawn, store: true };
          const cut = 1 + (place % (log.length - 1));
          await store.insert(begun, log.slice(0, 1));
          if (cut > 1) await store.append(begun.id, log.slice(1, cut));
          expect(await store.find(begun.id)).toEqual(canonical(foldLog(begun, log.slice(0, cut))));
          expect(await store.unfinished()).toEqual([begun.id]);
          const ended = foldLog(begun, log);
          await store.finish(ended, log.slice(cut));
          expect(await store.find(begun.id)).toEqual(canonical(ended));
          expect(await store.head(begun.id)).toEqual({ ...ended, input: [], output: [] });
          expect(await wholeLog(store, begun.id)).toEqual(canonical(log));
          expect(await store.unfinished()).toEqual([]);
          expect(await store.remove(begun.id)).toBe(true);
        }),
        { numRuns: 60 },
      );
    });

    test("ends an interaction once: whoever comes second changes nothing", async () => {
      const begun = begunAs("twice");
      await store.insert(begun, begins);
      const [first, second] = (["completed", "failed"] as const).map((status) =>
        logFrom(2, { type: "finish", status }),
      );
      if (first === undefined || second === undefined) throw new Error("unreachable");
      await Promise.all([store.finish(foldLog(begun, first), first), store.finish(foldLog(begun, second), second)]);
      expect(await store.head(begun.id)).toMatchObject({ status: "completed" });
      expect(await wholeLog(store, begun.id)).toEqual([...begins, ...first]);
    });

    test("gives a log back page by page, in order and without gaps, also when it was written in haste", async () => {
      const begun = begunAs("a");
      const writes = [store.insert(begun, begins)];
      const text = (index: number): Event => ({
        type: "step.delta",
        index: 0,
        delta: { type: "text", text: `${index}` },
      });
      for (let sequence = 2; sequence <= 40; sequence += 2) {
        writes.push(store.append(begun.id, logFrom(sequence, text(sequence), text(sequence + 1))));
      }
      await Promise.all(writes);
      expect((await store.events(begun.id, 0, 1000)).map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 41 }, (_, index) => index + 1),
      );
      expect((await store.events(begun.id, 5, 3)).map(({ sequence }) => sequence)).toEqual([6, 7, 8]);
      expect(await store.events(begun.id, 41, 10)).toEqual([]);
      expect((await store.events(begun.id, 8, 1))[0]).toEqual(logFrom(9, text(9))[0]);
    });

    test("refuses an event whose place in the log is taken, and keeps the first one", async () => {
      const begun = begunAs("a");
      await store.insert(begun, begins);
      await expect(store.append(begun.id, logFrom(1, { type: "step.stop", index: 9 }))).rejects.toThrow();
      expect(await store.events(begun.id, 0, 10)).toEqual(begins);
    });

    test("writes all of an end or nothing of it", async () => {
      const begun = begunAs("a");
      await store.insert(begun, begins);
      const clash = logFrom(1, { type: "finish", status: "completed" });
      await expect(store.finish({ ...begun, status: "completed" }, clash)).rejects.toThrow();
      expect(await store.find(begun.id)).toEqual({ ...begun, updated_at: 1010 });
      expect(await store.unfinished()).toEqual([begun.id]);
    });

    test("knows nothing of an unknown id and refuses to add to it", async () => {
      const ended = { ...begunAs("a"), status: "completed" as const };
      expect(await store.find("v1_none")).toBeUndefined();
      expect(await store.head("v1_none")).toBeUndefined();
      expect(await store.chain("v1_none")).toEqual([]);
      expect(await store.remove("v1_none")).toBe(false);
      for (const promise of [store.append("v1_none", begins), store.finish(ended, begins)]) {
        await expect(promise).rejects.toMatchObject({ code: "not_found" });
      }
      await expect(store.events("v1_none", 0, 1)).rejects.toMatchObject({ code: "not_found" });
    });

    test("gives a chain from its root to its tip, with the steps of both sides, and only the branch that was asked for", async () => {
      const [root, left, right] = [begunAs("root"), begunAs("left"), begunAs("right")];
      for (const branch of [left, right]) Object.assign(branch, { root_id: root.id, previous_id: root.id });
      const deep = begunAs("deep", { root_id: root.id, previous_id: left.id });
      const stored = [];
      for (const begun of [root, left, right, deep]) stored.push(await storeEnded(store, begun));
      const chain = await store.chain(deep.id);
      expect(chain.map(({ id, previous_id }) => [id, previous_id])).toEqual([
        [root.id, undefined],
        [left.id, root.id],
        [deep.id, left.id],
      ]);
      const [first] = stored;
      expect(chain[0]?.steps).toEqual([...(first?.input ?? []), ...(first?.output ?? [])]);
      await store.remove(left.id);
      expect((await store.chain(deep.id)).map(({ id, previous_id }) => [id, previous_id])).toEqual([
        [deep.id, left.id],
      ]);
      expect(await store.find(deep.id)).toEqual(stored[3]);
    });

    test("gives the chain of what still runs, with the status that it has", async () => {
      const begun = begunAs("a", { input: [] });
      await store.insert(begun, begins);
      expect(await store.chain(begun.id)).toEqual([
        {
          id: begun.id,
          previous_id: undefined,
          status: "in_progress",
          provider: begun.provider,
          upstream_id: undefined,
          steps: [],
        },
      ]);
    });

    test("forgets an interaction with all that belongs to it, once", async () => {
      const ended = await storeEnded(store, begunAs("a"));
      const other = await storeEnded(store, begunAs("b"));
      expect(await store.remove(ended.id)).toBe(true);
      expect(await store.remove(ended.id)).toBe(false);
      expect(await store.find(ended.id)).toBeUndefined();
      await expect(store.events(ended.id, 0, 10)).rejects.toMatchObject({ code: "not_found" });
      expect(await store.find(other.id)).toEqual(other);
      await storeEnded(store, begunAs("a"));
      expect(await store.find(ended.id)).toEqual(ended);
    });

    test("lets what has outlived its time expire by status, in batches, and never what runs", async () => {
      for (let index = 0; index < 5; index += 1) {
        await storeEnded(store, begunAs(`old-${index}`), { status: "completed", at: 100 });
      }
      const failed = await storeEnded(store, begunAs("failed"), { status: "failed", at: 100 });
      const fresh = await storeEnded(store, begunAs("fresh"), { status: "completed", at: 900 });
      const running = begunAs("running", { created_at: 1, updated_at: 1 });
      await store.insert(running, begins);
      const expiries = [{ status: "completed" as const, before: 500 }];
      expect(await store.expire(expiries, 3)).toBe(3);
      expect(await store.expire(expiries, 3)).toBe(2);
      expect(await store.expire(expiries, 3)).toBe(0);
      for (const { id } of [failed, fresh, running]) expect(await store.head(id)).toBeDefined();
    });

    test("refuses media over its limit with the interaction or event that brings them, and keeps those at it", async () => {
      const tooLarge = begunAs("a", { input: [{ type: "user_input", content: [imageOf(1, mediaLimit + 1)] }] });
      await expect(store.insert(tooLarge, begins)).rejects.toMatchObject({ code: "request_too_large" });
      expect(await store.find(tooLarge.id)).toBeUndefined();
      const begun = begunAs("b", { input: [{ type: "user_input", content: [imageOf(1, mediaLimit)] }] });
      await store.insert(begun, begins);
      const event: Event = {
        type: "step.start",
        index: 0,
        step: { type: "model_output", content: [imageOf(2, mediaLimit + 1)] },
      };
      await expect(store.append(begun.id, logFrom(2, event))).rejects.toMatchObject({ code: "request_too_large" });
      expect(await store.find(begun.id)).toMatchObject({ input: begun.input, output: [] });
    });

    test("lets one write that fails fail alone, among many that came with it", async () => {
      const all = Array.from({ length: 20 }, (_, index) => begunAs(`${index}`));
      await Promise.all(all.map((begun) => store.insert(begun, begins)));
      const stop = (sequence: number) => logFrom(sequence, { type: "step.stop", index: 0 });
      const outcomes = await Promise.allSettled(
        all.map(({ id }, index) => store.append(id, stop(index === 7 ? 1 : 2))),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(
        all.map((_, index) => (index === 7 ? "rejected" : "fulfilled")),
      );
      for (const [index, { id }] of all.entries()) {
        expect(await store.events(id, 0, 10)).toHaveLength(index === 7 ? 1 : 2);
      }
    });

    test("has written all that was begun when it has closed", async () => {
      const another = open();
      const writes = Promise.all([
        another.insert(begunAs("late"), begins),
        another.append(begunAs("late").id, logFrom(2, { type: "step.stop", index: 0 })),
      ]);
      await another.close();
      await expect(writes).resolves.toEqual([undefined, undefined]);
    });
  });
}

/** The log, page by page: a page may be shorter than what was asked for. */
export async function wholeLog(store: Store, id: string): Promise<LoggedEvent[]> {
  const log: LoggedEvent[] = [];
  for (;;) {
    const page = await store.events(id, log.at(-1)?.sequence ?? 0, 7);
    if (page.length === 0) return log;
    log.push(...page);
  }
}

/** As it comes back: base64 has one form only. */
function canonical<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (key, member) =>
      key === "data" && typeof member === "string" ? Buffer.from(member, "base64").toString("base64") : member,
    ),
  );
}
