import type { Database } from "better-sqlite3";

/** Steps, and characters of their texts, after which the index is brought up to date. */
const MOST_STEPS = 256;
const MOST_CHARACTERS = 1 << 17;

/** The index of the words of steps. */
export type TextIndex = {
  /** Takes note of a step that is written. */
  add(text: string | null): void;
  /** Whether so much is not indexed yet that it is time for `advance`. */
  isDue(): boolean;
  /** Whether steps are stored that are not indexed. */
  isBehind(): boolean;
  /** Within a transaction: indexes the oldest steps that are not. */
  advance(): void;
};

/**
 * To index one step in a transaction of its own costs as much as all else that is written for an interaction, because a
 * full-text index writes a segment for each; many together cost a tenth. So steps are indexed when a few hundred wait, or
 * when someone is about to search. What waits is known from the tables: steps get ascending keys.
 */
export function createTextIndex(connection: Database): TextIndex {
  const last = connection.prepare<[], number | null>("select max(id) from steps_text_docsize").pluck();
  const newest = connection.prepare<[], number | null>("select max(key) from steps").pluck();
  const index = connection.prepare<[number, number]>(
    "insert into steps_text (rowid, text) select key, text from steps where key > ? order by key limit ?",
  );
  let steps = 0;
  let characters = 0;
  return {
    add(text) {
      steps += 1;
      characters += text?.length ?? 0;
    },
    isDue: () => steps >= MOST_STEPS || characters >= MOST_CHARACTERS,
    isBehind: () => (newest.get() ?? 0) > (last.get() ?? 0),
    advance() {
      index.run(last.get() ?? 0, MOST_STEPS);
      steps = 0;
      characters = 0;
    },
  };
}
