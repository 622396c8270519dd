import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../db/store.ts";
import {
  type Archive,
  type InteractionFilter,
  type InteractionHead,
  type InteractionOrder,
  type Key,
  type Page,
  type PageRequest,
  type UsageDimension,
  usageDimensions,
} from "../../schema/archive.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import { carryOut, filter, headOf, type Plan, plans, query } from "../db/arbitrary-archive.ts";
import { holds, sorted, stepsOf, textMatches, toolsOf, usageOf } from "../db/naive-archive.ts";

/** A store and the archive of what it keeps. */
export type Opened = { store: Store; archive: Archive };

export const orders: InteractionOrder[] = (["created", "updated"] as const).flatMap((by) =>
  (["ascending", "descending"] as const).map((direction) => ({ by, direction })),
);
const order = fc.constantFrom(...orders);

/** All pages of a list, one after the other, forwards or backwards. */
export async function allPages<T>(
  read: (page: PageRequest) => Promise<Page<T>>,
  limit: number,
  backward = false,
): Promise<T[]> {
  const nodes: T[] = [];
  for (let key: Key | undefined; ; ) {
    const page = await read({
      limit,
      ...(key === undefined ? {} : { [backward ? "before" : "after"]: key }),
      ...(backward ? { backward } : {}),
    });
    expect(backward ? page.has_next : page.has_previous).toBe(key !== undefined);
    const found = page.edges.map(({ node }) => node);
    if (backward) nodes.unshift(...found);
    else nodes.push(...found);
    if (!(backward ? page.has_previous : page.has_next)) return nodes;
    expect(found).toHaveLength(limit);
    key = page.edges.at(backward ? 0 : -1)?.key;
  }
}

/** What a random store was given, what of it is left, and the cursor before all that. */
type Written = { stored: Interaction[]; kept: Interaction[]; before: number };

/** The suite of the port's queries: whatever they are asked, they answer as if everything were looked at one by one. */
export function archiveSuite(name: string, open: () => Opened, numRuns = 60): void {
  describe(`an archive ${name}`, () => {
    let opened: Opened;
    beforeEach(() => {
      opened = open();
    });
    afterEach(() => opened.store.close());

    /** Checks what holds for a random store; it is emptied again. */
    const check = <T>(drawn: fc.Arbitrary<T>, body: (all: Written, value: T, archive: Archive) => Promise<void>) =>
      fc.assert(
        fc.asyncProperty(plans, drawn, async (planned: Plan[], value) => {
          const before = await opened.archive.latest_change();
          const all = { ...(await carryOut(planned, opened)), before };
          try {
            await body(all, value, opened.archive);
          } finally {
            for (const { id } of all.kept) await opened.store.remove(id);
          }
        }),
        { numRuns },
      );

    test("lists and counts what a filter holds for, in every order, on pages of every size, forwards and backwards", () =>
      check(fc.tuple(filter, order, fc.integer({ min: 1, max: 5 })), async ({ stored, kept }, drawn, archive) => {
        const [drawnFilter, chosen, limit] = drawn;
        const wanted = placed(drawnFilter, stored);
        const expected = sorted(
          kept.filter((one) => holds(wanted, one, stored)),
          chosen,
        ).map(headOf);
        const read = (page: PageRequest) => archive.list(wanted, chosen, page);
        expect(await allPages(read, limit)).toEqual(expected);
        expect(await allPages(read, limit, true)).toEqual(expected);
        expect(await archive.count(wanted)).toBe(expected.length);
      }));

    test("gives what stands between two keys, from either end, also where one is gone", () =>
      check(fc.tuple(order, fc.nat(), fc.nat(), fc.nat(6)), async ({ kept }, [chosen, a, b, limit], archive) => {
        const all = (await archive.list({}, chosen, { limit: 1000 })).edges;
        const [one, other] = [a % (all.length + 1), b % (all.length + 1)].toSorted((x, y) => x - y);
        if (one === undefined || other === undefined || kept.length === 0) return;
        const [after, before] = [all[one - 1]?.key, all[other]?.key];
        const gone = all[other]?.node.id;
        if (gone !== undefined) await opened.store.remove(gone);
        const left = all.filter(({ node }) => node.id !== gone);
        const between = left.slice(one, Math.max(one, other));
        for (const backward of [false, true]) {
          const page = await archive.list({}, chosen, {
            limit,
            backward,
            ...(after === undefined ? {} : { after }),
            ...(before === undefined ? {} : { before }),
          });
          const part = backward ? between.slice(Math.max(0, between.length - limit)) : between.slice(0, limit);
          expect(page.edges).toEqual(part);
          if (part.length === 0) continue;
          expect(page.has_previous).toBe(part[0] !== left[0]);
          expect(page.has_next).toBe(part.at(-1) !== left.at(-1));
        }
      }));

    test("finds the steps that a text query matches, best first, and no others", () =>
      check(
        fc.tuple(query, filter, fc.integer({ min: 1, max: 5 })),
        async ({ stored, kept }, [text, { text: _, ...drawn }, limit], archive) => {
          const wanted = placed(drawn, stored);
          const expected = kept
            .filter((one) => holds(wanted, one, stored))
            .flatMap((one) => stepsOf(one).map((place) => ({ id: one.id, ...place })))
            .filter(({ step }) => textMatches(text, step))
            .map(({ id, side, index }) => `${id} ${side} ${index}`);
          const read = (page: PageRequest) => archive.search({ text, filter: wanted }, page);
          const hits = await allPages(read, limit);
          expect(hits.map((hit) => `${hit.interaction.id} ${hit.side} ${hit.index}`).sort()).toEqual(expected.sort());
          const scores = hits.map(({ score }) => score);
          expect(scores).toEqual(scores.toSorted((one, other) => other - one));
          expect(await allPages(read, limit, true)).toEqual(hits);
        },
      ));

    test("adds up usage by every dimension, and the groups have everything once", () =>
      check(
        fc.tuple(filter, fc.uniqueArray(fc.constantFrom(...usageDimensions), { maxLength: 3 })),
        async ({ stored, kept }, [drawn, groups], archive) => {
          const wanted = placed(drawn, stored);
          const matching = kept.filter((one) => holds(wanted, one, stored));
          const found = await archive.usage(wanted, groups, "a");
          const naive = usageOf(matching, groups, "a");
          expect(new Set(found.map(plain))).toEqual(new Set(naive.map(plain)));
          expect(found).toHaveLength(naive.length);
          expect(found.map((group) => valuesOf(group, groups))).toEqual(
            found.map((group) => valuesOf(group, groups)).toSorted(inOrder),
          );
        },
      ));

    test("counts how tools were called, answered and failed", () =>
      check(filter, async ({ stored, kept }, drawn, archive) => {
        const wanted = placed(drawn, stored);
        const sums = new Map<string, { calls: number; results: number; failures: number }>();
        for (const use of kept.filter((one) => holds(wanted, one, stored)).flatMap((one) => toolsOf(one, stored))) {
          const key = `${use.tool} ${use.name}`;
          const { calls, results, failures } = sums.get(key) ?? { calls: 0, results: 0, failures: 0 };
          sums.set(key, {
            calls: calls + use.calls,
            results: results + use.results,
            failures: failures + use.failures,
          });
        }
        const found = await archive.tools(wanted);
        expect(new Map(found.map(({ tool, name: own, ...counts }) => [`${tool} ${own}`, counts]))).toEqual(sums);
        expect(found.map(({ failures }) => failures)).toEqual(
          found.map(({ failures }) => failures).toSorted((one, other) => other - one),
        );
      }));

    test("reads along the links: chains, what goes on from each, and what it cost until there", () =>
      check(fc.integer({ min: 1, max: 4 }), async ({ stored, kept }, limit, archive) => {
        const ids = stored.map(({ id }) => id);
        const chains = await archive.chains(ids, limit);
        const wholeChains = await archive.chains(ids, 1000);
        const usage = await archive.chain_usage(ids);
        expect([...chains.keys()].sort()).toEqual(kept.map(({ id }) => id).sort());
        for (const one of kept) {
          const links = linksOf(one, kept);
          expect(wholeChains.get(one.id)).toEqual(links.map(headOf));
          expect(chains.get(one.id)).toEqual(links.slice(-limit).map(headOf));
          expect([usage.get(one.id)]).toEqual(usageOf(links, [], ""));
        }
        for (const kind of ["children", "descendants"] as const) {
          for (const id of ids) {
            const naive = kept.filter((one) => (kind === "children" ? one.previous_id === id : isBelow(one, id, kept)));
            const read = async (page: PageRequest): Promise<Page<InteractionHead>> =>
              (await archive[kind]([id], page)).get(id) ?? { edges: [], has_next: false, has_previous: false };
            expect(await allPages(read, limit)).toEqual(naive.map(headOf));
            expect(await allPages(read, limit, true)).toEqual(naive.map(headOf));
          }
          const together = await archive[kind](ids, { limit: 1000 });
          expect([...together.values()].flatMap(({ edges }) => edges)).toHaveLength(
            ids.flatMap((id) =>
              kept.filter((one) => (kind === "children" ? one.previous_id === id : isBelow(one, id, kept))),
            ).length,
          );
        }
      }));

    test("gives heads, steps and logs of many at once, and leaves out what is not stored", () =>
      check(fc.constant(undefined), async ({ stored, kept }, _, archive) => {
        const ids = [...stored.map(({ id }) => id), "v1_none"];
        expect(await archive.heads(ids)).toEqual(
          ids.map((id) => {
            const one = kept.find((other) => other.id === id);
            return one && headOf(one);
          }),
        );
        expect(await archive.steps([...ids, ...ids])).toEqual(
          new Map(kept.map(({ id, input, output }) => [id, { input, output }])),
        );
        const logs = await archive.events(ids, 1, 2);
        for (const { id } of kept) expect(logs.get(id) ?? []).toEqual(await opened.store.events(id, 1, 2));
        expect([...logs.keys()].every((id) => kept.some((one) => one.id === id))).toBe(true);
      }));

    test("replays all changes from any cursor: each interaction once, as it is now, and what is gone", () =>
      check(
        fc.tuple(filter, fc.nat(), fc.integer({ min: 1, max: 4 })),
        async ({ stored, kept, before }, [drawn, place, limit], archive) => {
          const wanted = placed(drawn, stored);
          const first = (await archive.changed_since(before, {}, 1000)).changes;
          const cursor = first[(place % (first.length + 1)) - 1]?.cursor ?? before;
          const later = new Set(first.filter((change) => change.cursor > cursor).map(({ id }) => id));
          const expected = stored.filter(({ id }) => {
            const one = kept.find((other) => other.id === id);
            return later.has(id) && (one === undefined || holds(wanted, one, stored));
          });
          const seen: string[] = [];
          for (let from = cursor; ; ) {
            const page = await archive.changed_since(from, wanted, limit);
            expect(page.changes.map((change) => change.cursor)).toEqual(
              page.changes.map((change) => change.cursor).toSorted((one, other) => one - other),
            );
            for (const { id, interaction } of page.changes) {
              const one = kept.find((other) => other.id === id);
              expect(interaction).toEqual(one && headOf(one));
              seen.push(id);
            }
            expect(page.changes.length).toBeLessThanOrEqual(limit);
            if (!page.has_more) {
              expect(page.cursor).toBe(await archive.latest_change());
              break;
            }
            expect(page.cursor).toBeGreaterThan(from);
            from = page.cursor;
          }
          expect(seen.sort()).toEqual(expected.map(({ id }) => id).sort());
        },
      ));
  });
}

/** A filter whose ids and roots are those of interactions of the store. */
function placed(
  { places, rootPlaces, ...rest }: typeof filter extends fc.Arbitrary<infer T> ? T : never,
  stored: Interaction[],
) {
  const wanted: InteractionFilter = { ...rest };
  if (places !== undefined) wanted.ids = places.map((place) => stored[place]?.id ?? "v1_none");
  if (rootPlaces !== undefined) wanted.roots = rootPlaces.map((place) => stored[place]?.root_id ?? "v1_none");
  return wanted;
}

/** From the oldest that is still stored. */
function linksOf(one: Interaction, kept: readonly Interaction[]): Interaction[] {
  const previous = kept.find(({ id }) => id === one.previous_id);
  return previous === undefined ? [one] : [...linksOf(previous, kept), one];
}

function isBelow(one: Interaction, id: string, kept: readonly Interaction[]): boolean {
  return linksOf(one, kept).some(({ previous_id }) => previous_id === id);
}

const plain = (group: object) => JSON.stringify(Object.entries(group).sort(([one], [other]) => (one < other ? -1 : 1)));

function valuesOf(group: Partial<Record<UsageDimension, string>>, groups: readonly UsageDimension[]) {
  return groups.map((dimension) => group[dimension]);
}

function inOrder(one: readonly (string | undefined)[], other: readonly (string | undefined)[]): number {
  for (const [index, value] of one.entries()) {
    const against = other[index];
    if (value === against) continue;
    if (value === undefined) return 1;
    if (against === undefined) return -1;
    return value < against ? -1 : 1;
  }
  return 0;
}
