import { type SQL, sql } from "drizzle-orm";
import { searchMarks } from "../../schema/archive.ts";
import type { Ask } from "./ask.ts";
import { valuesOf } from "./conditions.ts";
import { nextTurn } from "./next-turn.ts";
import type { KeyedText, ScratchIndex } from "./scratch-index.ts";
import type { Sizes } from "./sizes.ts";
import type { TextMatch } from "./text-queries.ts";

/** A step and the interaction that it belongs to, by their keys. */
export type PlacedStep = { step: number; interaction: number };

/** A step that matches, with marks in its text. */
export type MatchingStep = PlacedStep & { text: string };

export const markedText: SQL = sql`highlight(steps_text, 0, ${searchMarks.start}, ${searchMarks.end}) as text`;

/** A key of steps for the index, which takes a bound number for one with a fraction, and overlooks it. */
export const stepKey = (key: number): SQL => sql`cast(${key} as integer)`;

/** Finds those steps of some interactions that match. */
export type Matches = {
  /** The newest first, piece by piece, up to a step. */
  among(match: TextMatch, interactions: readonly number[], last?: number): AsyncGenerator<MatchingStep[], void, void>;
  /** The interactions that have one. */
  interactions(match: TextMatch, interactions: readonly number[]): Promise<Set<number>>;
};

export function createMatches({ ask, scratch, sizes }: { ask: Ask; scratch: ScratchIndex; sizes: Sizes }): Matches {
  /** In the index, all that lie between the steps are looked at, and those picked. */
  function inIndex(match: TextMatch, keys: readonly number[]): KeyedText[] {
    const [newest, oldest] = [keys[0] ?? 0, keys.at(-1) ?? 0];
    return ask.all<KeyedText>(sql`
      select steps_text.rowid as key, ${markedText} from steps_text
      where steps_text match ${match.expression}
        and steps_text.rowid between ${stepKey(oldest)} and ${stepKey(newest)}
        and +steps_text.rowid in (select value from ${valuesOf(keys)})
      order by steps_text.rowid`);
  }

  /** To find one far place in the index costs more than to look at the text itself. */
  function inTexts(match: TextMatch, keys: readonly number[]): KeyedText[] {
    const texts = ask.all<KeyedText>(sql`
      select s.key, s.text from ${valuesOf(keys)} v cross join steps s on s.key = v.value where s.text is not null`);
    return scratch.matching(texts, match.expression);
  }

  async function* among(match: TextMatch, interactions: readonly number[], last = Number.MAX_SAFE_INTEGER) {
    const steps = ask.all<PlacedStep>(sql`
      select s.key as step, s.interaction from ${valuesOf(interactions)} v cross join steps s on s.interaction = v.value
      where s.key <= ${last} order by s.key desc`);
    for (let start = 0; start < steps.length; start += sizes.chunk) {
      const owners = new Map(
        steps.slice(start, start + sizes.chunk).map(({ step, interaction }) => [step, interaction]),
      );
      const keys = [...owners.keys()];
      const isDense = (keys[0] ?? 0) - (keys.at(-1) ?? 0) < keys.length * sizes.sparseness;
      const found = isDense ? inIndex(match, keys) : inTexts(match, keys);
      yield found.reverse().map(({ key, text }) => ({ step: key, interaction: owners.get(key) ?? 0, text }));
      await nextTurn();
    }
  }

  return {
    among,
    async interactions(match, interactions) {
      const matching = new Set<number>();
      for await (const steps of among(match, interactions)) {
        for (const { interaction } of steps) matching.add(interaction);
      }
      return matching;
    },
  };
}
