import { words } from "./vocabulary.ts";

/** What is searched for. A beginning must not be that of more words than the archive looks up. */
export const searchedWords = {
  /** Each in one of some ten thousand steps. */
  rare: words.slice(-50, -10),
  /** Each in about one of thirty. */
  common: ["river", "weather", "harbour", "report", "invoice", "error", "server", "cluster"],
  /** Each in a third of all or more. */
  veryCommon: words.slice(0, 5),
  pairs: ["the weather", "of the and", "river report", "invoice to customer"],
  phrases: ['"of the"', '"to the"', '"and a"', '"the weather"'],
  beginnings: ["in*", "the*", "wea*", "rami*", "huldra*"],
} as const;
