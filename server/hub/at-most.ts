/** Resolves when all promises have settled, or after so many milliseconds. */
export async function atMost(milliseconds: number, promises: Iterable<Promise<void>>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, milliseconds);
  await Promise.race([Promise.allSettled(promises), late.promise]);
  clearTimeout(timer);
}
