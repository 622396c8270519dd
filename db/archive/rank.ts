import { searchMarks } from "../../schema/archive.ts";
import type { Phrase } from "./text-queries.ts";

/** The usual constants of BM25: how soon more of the same stops counting, and how much the length of a text does. */
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;

const marked = new RegExp(`${searchMarks.start}([^${searchMarks.end}]*)`, "gu");

/**
 * Scores of texts, in their order, in each of which all phrases occur and are marked. `rarity` is the weight of each
 * phrase. Lengths are in characters, compared with the other texts: the index's own function for BM25 would first
 * count the rows of the whole store, which for a common word takes longer than all else.
 */
export function bm25(texts: readonly string[], phrases: readonly Phrase[], rarity: readonly number[]): number[] {
  const meanLength = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  const countsOf = createCounter(phrases);
  return texts.map((text) => {
    const frequencies = countsOf(text);
    const penalty = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * text.length) / meanLength);
    return frequencies.reduce((score, frequency, index) => {
      return score + ((rarity[index] ?? 1) * frequency * (SATURATION + 1)) / (frequency + penalty);
    }, 0);
  });
}

/** How often each phrase is marked in a text; once at least, as it is known to occur. */
function createCounter(phrases: readonly Phrase[]): (text: string) => number[] {
  const known = new Map<string, readonly number[]>();

  /** The phrases that one mark is for. What is marked is mostly one of a few words, in one of a few ways of writing. */
  function phrasesIn(mark: string): readonly number[] {
    let found = known.get(mark);
    if (found === undefined) {
      const words = wordsOf(mark);
      found = phrases.flatMap((phrase, index) => (occursIn(phrase, words) ? [index] : []));
      known.set(mark, found);
    }
    return found;
  }

  return (text) => {
    const counts = phrases.map(() => 0);
    for (const [, mark = ""] of text.matchAll(marked)) {
      const found = phrases.length === 1 ? [0] : phrasesIn(mark);
      for (const index of found) counts[index] = (counts[index] ?? 0) + 1;
    }
    return counts.map((count) => Math.max(count, 1));
  };
}

/** About as the index sees them. */
function wordsOf(text: string): string[] {
  const folded = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

function occursIn({ words: wanted, isOpen }: Phrase, words: readonly string[]): boolean {
  return words.some((_, start) =>
    wanted.every((word, index) => {
      const here = words[start + index];
      return isOpen && index === wanted.length - 1 ? here?.startsWith(word) : here === word;
    }),
  );
}
