import { sql } from "drizzle-orm";
import type { Key, PageRequest, SearchHit, SearchPage, SearchRequest } from "../../schema/archive.ts";
import type { Ask } from "./ask.ts";
import { all, valuesOf } from "./conditions.ts";
import { type Matches, type MatchingStep, markedText, stepKey } from "./matches.ts";
import { nextTurn } from "./next-turn.ts";
import { bm25 } from "./rank.ts";
import type { ReadHeads } from "./read-heads.ts";
import type { Selection, Wanted } from "./selection.ts";
import type { Sizes } from "./sizes.ts";
import { snippetOf } from "./snippet.ts";
import { checkedKey, sortedPage } from "./sorted-page.ts";
import type { KeyRange } from "./sources.ts";
import type { TextMatch } from "./text-queries.ts";

type Parts = { ask: Ask; heads: ReadHeads; matches: Matches; selection: Selection; sizes: Sizes };
type Newest = { found: MatchingStep[]; bounded: boolean };

/** Ranks the newest steps that match. Later pages leave out what was stored after the first one was asked for. */
export function createSearch(parts: Parts) {
  const { ask, heads, matches, selection, sizes } = parts;

  /** The newest matches up to a step, the newest first, and whether there are more. */
  async function newestMatches(match: TextMatch, wanted: Wanted, last: number): Promise<Newest> {
    const found: MatchingStep[] = [];
    let characters = 0;
    /** False once there are more than are ranked. */
    const takeAll = (steps: Iterable<MatchingStep>): boolean => {
      for (const step of steps) {
        if (found.length === sizes.ranked || characters > sizes.rankedCharacters) return false;
        found.push(step);
        characters += step.text.length;
      }
      return true;
    };

    const isFiltered = wanted.conditions.length > 0;
    const few = isFiltered ? (await selection.few(wanted))?.map(({ key }) => key) : undefined;
    if (few !== undefined) {
      for await (const steps of matches.among(match, few, last)) if (!takeAll(steps)) return { found, bounded: true };
      return { found, bounded: false };
    }
    const owners = isFiltered ? sql`cross join interactions i on i.key = s.interaction` : sql``;
    const length = isFiltered ? sizes.searchStretch : last;
    const ends = isFiltered ? stepsOf(selection.range(wanted), last) : { first: 1, last };
    for (let to = ends.last; to >= ends.first; to -= length) {
      const steps = ask.each<MatchingStep>(sql`
        select s.key as step, s.interaction as interaction, ${markedText}
        from steps_text cross join steps s on s.key = steps_text.rowid ${owners}
        where steps_text match ${match.expression}
          and steps_text.rowid between ${stepKey(to - length + 1)} and ${stepKey(to)}
          and ${all(wanted.conditions)} order by steps_text.rowid desc`);
      if (!takeAll(steps)) return { found, bounded: true };
      await nextTurn();
    }
    return { found, bounded: false };
  }

  /**
   * Between which steps those of some interactions lie. What an interaction was asked is stored when it begins, so nothing
   * of it comes before what those before it were asked. Answers come whenever they come: the index of the steps' places is
   * asked for the last one, unless too few interactions come afterwards for that to save anything.
   */
  function stepsOf({ from, to }: KeyRange, last: number): { first: number; last: number } {
    const before = ask.all<{ key: number }>(sql`
      select key from steps where interaction < ${from} and side = 'input'
      order by interaction desc, side desc, "index" desc limit 1`)[0]?.key;
    const first = (before ?? 0) + 1;
    const [{ newest } = { newest: 0 }] = ask.all<{ newest: number }>(
      sql`select coalesce(max(key), 0) as newest from interactions`,
    );
    if (to - from > 2 * (newest - to)) return { first, last };
    const [{ latest } = { latest: null }] = ask.all<{ latest: number | null }>(
      sql`select max(key) as latest from steps where interaction between ${from} and ${to}`,
    );
    return { first, last: Math.min(last, latest ?? 0) };
  }

  /**
   * How much each phrase weighs, by how many of the steps up to the last one have it. Of one that is common, the newest
   * steps tell how close together they lie.
   */
  function raritiesOf({ expressions }: TextMatch, last: number): number[] {
    if (expressions.length === 1) return [1];
    return expressions.map((expression) => {
      const newest = sql`select rowid as step from steps_text where steps_text match ${expression} and rowid <= ${stepKey(last)}
        order by rowid desc limit ${sizes.ranked}`;
      const [{ count, oldest } = { count: 0, oldest: 0 }] = ask.all<{ count: number; oldest: number }>(
        sql`select count(*) as count, min(step) as oldest from (${newest})`,
      );
      const total = count < sizes.ranked ? count : (count * last) / (last - oldest + 1);
      return Math.log(1 + (last - total + 0.5) / (total + 0.5));
    });
  }

  function hitsOf(ranked: readonly (MatchingStep & { score: number })[]): Map<number, SearchHit> {
    const places = ask.all<{ step: number; side: SearchHit["side"]; index: number }>(sql`
      select s.key as step, s.side as side, s."index" as "index"
      from ${valuesOf(ranked.map(({ step }) => step))} v cross join steps s on s.key = v.value`);
    const placeOf = new Map(places.map(({ step, side, index }) => [step, { side, index }]));
    const byKey = heads.byKeys(ranked.map(({ interaction }) => interaction));
    return new Map(
      ranked.flatMap(({ step, interaction, text, score }) => {
        const [head, place] = [byKey.get(interaction), placeOf.get(step)];
        if (head === undefined || place === undefined) return [];
        return [[step, { interaction: head, ...place, snippet: snippetOf(text), score }]];
      }),
    );
  }

  return async (
    match: TextMatch | undefined,
    { filter = {} }: SearchRequest,
    page: PageRequest,
  ): Promise<SearchPage> => {
    for (const key of [page.after, page.before]) if (key !== undefined) checkedKey(key, 3);
    const wanted = selection.prepare(filter);
    if (match === undefined) return { edges: [], has_next: false, has_previous: false, bounded: false };
    const last = Math.min((page.after ?? page.before)?.[2] ?? Number.MAX_SAFE_INTEGER, lastStep(ask));
    const { found, bounded } = await newestMatches(match, wanted, last);
    const scores = bm25(
      found.map(({ text }) => text),
      match.phrases,
      raritiesOf(match, last),
    );
    const ranked = found
      .map((one, index) => ({ ...one, score: scores[index] ?? 0 }))
      .sort((one, other) => other.score - one.score || other.step - one.step);
    // Scores change a little when something is removed; a key's own step has moved with the others.
    const scoreOf = new Map(ranked.map(({ step, score }) => [step, score]));
    const compare = ({ score, step }: { score: number; step: number }, [keptScore = 0, otherStep = 0]: Key) =>
      (scoreOf.get(otherStep) ?? keptScore) - score || otherStep - step;
    const { items, ...around } = sortedPage(ranked, page, compare);
    const hits = hitsOf(items);
    const edges = items.flatMap(({ step, score }) => {
      const node = hits.get(step);
      return node === undefined ? [] : [{ key: [score, step, last], node }];
    });
    return { edges, ...around, bounded };
  };
}

function lastStep(ask: Ask): number {
  return ask.all<{ last: number | null }>(sql`select max(key) as last from steps`)[0]?.last ?? 0;
}
