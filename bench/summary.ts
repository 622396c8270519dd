/** What several repetitions of one measurement gave. */
export type Summary = { median: number; low: number; high: number };

export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((left, right) => left - right);
  return { median: percentile(sorted, 0.5), low: percentile(sorted, 0), high: percentile(sorted, 1) };
}

/** The value below which such a share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error("Nothing was measured.");
  return value;
}
