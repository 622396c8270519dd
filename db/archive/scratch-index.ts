import { searchMarks } from "../../schema/archive.ts";
import type { Driver } from "../driver.ts";

/** A text with what it is known by. */
export type KeyedText = { key: number; text: string };

/** Answers about texts just as the index of steps would, without asking it. */
export type ScratchIndex = {
  /** The words of each text. */
  wordsOf(texts: readonly string[]): string[][];
  /** Those texts that match, with marks, in the order of their keys. */
  matching(texts: readonly KeyedText[], expression: string): KeyedText[];
};

/**
 * What a word is, and which letters are the same but for case and accents, is the index's own to say. So its tokenizer is
 * asked, on a table that never keeps anything.
 */
export function createScratchIndex(driver: Driver): ScratchIndex {
  const database = driver.connect(":memory:");
  database.exec(`create virtual table texts using fts5(text, tokenize='unicode61 remove_diacritics 2');
    create virtual table words using fts5vocab(texts, instance)`);
  const insert = database.prepare<[number, string]>("insert into texts (rowid, text) values (?, ?)");
  const words = database.prepare<[], { doc: number; term: string }>(
    `select doc, term from words order by doc, "offset"`,
  );
  const matches = database.prepare<[string, string, string], KeyedText>(
    "select rowid as key, highlight(texts, 0, ?, ?) as text from texts where texts match ? order by rowid",
  );
  const begin = database.prepare("begin");
  const rollback = database.prepare("rollback");

  function holding<T>(texts: readonly KeyedText[], ask: () => T): T {
    begin.run();
    try {
      for (const { key, text } of texts) insert.run(key, text);
      return ask();
    } finally {
      rollback.run();
    }
  }

  return {
    wordsOf(texts) {
      const found: string[][] = texts.map(() => []);
      holding(
        texts.map((text, key) => ({ key, text })),
        () => {
          for (const { doc, term } of words.all()) found[doc]?.push(term);
        },
      );
      return found;
    },
    matching: (texts, expression) => holding(texts, () => matches.all(searchMarks.start, searchMarks.end, expression)),
  };
}
