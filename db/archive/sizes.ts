/** How much is read at once. Answers do not depend on it, but for how many matches are ranked. */
export type Sizes = {
  /** So many interactions are read and sorted where one condition leaves no more of them. */
  few: number;
  /** So many are, where a walk by the times of changes has gone through `patience` stretches and not filled a page. */
  many: number;
  patience: number;
  /** Keys of the first and of later stretches of a walk through what no condition makes few. */
  firstStretch: number;
  longestStretch: number;
  /** Steps that are looked up together. */
  chunk: number;
  /** How many times as many steps may lie between those that are looked up, for one look at all of them in the index. */
  sparseness: number;
  /** Matches that are ranked, and characters of their texts after which no more are read. */
  ranked: number;
  rankedCharacters: number;
  /** Keys of steps in one stretch of a search with a filter. */
  searchStretch: number;
};
