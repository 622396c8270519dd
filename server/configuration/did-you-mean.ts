import { editDistance } from "../../schema/core/edit-distance.ts";

/** A closing `; did you mean X?` when a known word is near the unknown one, otherwise nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 4)) + 1;
  for (const candidate of known) {
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best === undefined ? "" : `; did you mean ${best}?`;
}
