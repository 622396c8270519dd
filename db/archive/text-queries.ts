import type { Database } from "better-sqlite3";
import { MOST_COMPLETIONS, MOST_WORDS } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";
import type { ScratchIndex } from "./scratch-index.ts";

/** Words that must stand side by side; more letters may follow the last one if `isOpen`. */
export type Phrase = { words: readonly [string, ...string[]]; isOpen: boolean };

/** A text query in the language of the index. */
export type TextMatch = {
  phrases: readonly Phrase[];
  /** Of each phrase, and of all together. */
  expressions: readonly string[];
  expression: string;
};

export type TextQueries = {
  /** `undefined` for what cannot match anything. Rejects with `invalid_request` what would look for too many words. */
  compile(text: string): TextMatch | undefined;
};

/** Characters of a query. */
const MOST_CHARACTERS = 4096;

/** A quote that may lack its end, or else what stands between spaces, quotes and stars; with a star behind or without. */
const PART = /"([^"]*)"?(\*?)|([^\s"*]+)(\*?)/gu;

/**
 * Only whole words go into what the index is asked, each in quotes, so that nothing in a query is taken for one of the
 * index's own signs.
 */
export function createTextQueries(connection: Database, scratch: ScratchIndex): TextQueries {
  const nextWord = connection.prepare<[string], string>("select term from steps_words where term >= ? limit 1").pluck();

  function phrasesOf(text: string): Phrase[] {
    if (text.length > MOST_CHARACTERS) {
      throw new HubError("invalid_request", `A text query may have at most ${MOST_CHARACTERS} characters.`);
    }
    const parts = [...text.replaceAll("\0", " ").matchAll(PART)];
    const words = scratch.wordsOf(parts.map(([, quoted, , plain]) => quoted ?? plain ?? ""));
    const phrases: Phrase[] = [];
    for (const [index, [, , quotedStar, , plainStar]] of parts.entries()) {
      const [first, ...rest] = words[index] ?? [];
      if (first !== undefined) phrases.push({ words: [first, ...rest], isOpen: (quotedStar || plainStar) === "*" });
    }
    if (phrases.reduce((count, phrase) => count + phrase.words.length, 0) > MOST_WORDS) {
      throw new HubError("invalid_request", `A text query may have at most ${MOST_WORDS} words.`);
    }
    return phrases;
  }

  /**
   * The words of the index that begin with some letters. The index could look for them by itself, but would first read
   * every place of each; one by one they are read from the newest place on, and no further than needed.
   */
  function completions(beginning: string): string[] {
    const found: string[] = [];
    for (let from = beginning; ; ) {
      const word = nextWord.get(from);
      if (word?.startsWith(beginning) !== true) return found;
      if (found.length === MOST_COMPLETIONS) {
        throw new HubError(
          "invalid_request",
          `More than ${MOST_COMPLETIONS} words begin with "${beginning}". Add a letter before the star.`,
        );
      }
      found.push(word);
      from = `${word}\0`;
    }
  }

  /** The ways in which a phrase may end. */
  function alternatives({ words, isOpen }: Phrase): string[] {
    if (!isOpen) return [quoted(words)];
    return completions(words.at(-1) ?? "").map((last) => quoted([...words.slice(0, -1), last]));
  }

  return {
    compile(text) {
      const phrases = phrasesOf(text);
      const ways = phrases.map(alternatives);
      if (phrases.length === 0 || ways.some((one) => one.length === 0)) return undefined;
      const expressions = ways.map((one) => `(${one.join(" OR ")})`);
      return { phrases, expressions, expression: expressions.join(" AND ") };
    },
  };
}

function quoted(words: readonly string[]): string {
  return `"${words.join(" ")}"`;
}
