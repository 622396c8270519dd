/** The first thing found among what is judged, in order: a refusal, usually. */
export function firstOf<T, F>(list: readonly T[], judge: (item: T, index: number) => F | undefined): F | undefined {
  for (const [index, item] of list.entries()) {
    const found = judge(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
