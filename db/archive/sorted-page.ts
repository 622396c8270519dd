import { type Key, MOST_ITEMS, type PageRequest } from "../../schema/archive.ts";
import { HubError } from "../../schema/core/error.ts";

/** Items of a page and what stands around them. */
export type Part<T> = { items: T[]; has_next: boolean; has_previous: boolean };

/** The page of what is all there, and sorted. `compare` is negative where an item stands before a key. */
export function sortedPage<T>(
  sorted: readonly T[],
  { limit, after, before, backward = false }: PageRequest,
  compare: (item: T, key: Key) => number,
): Part<T> {
  const start = after === undefined ? 0 : firstIndex(sorted, (item) => compare(item, after) > 0);
  const end = before === undefined ? sorted.length : firstIndex(sorted, (item) => compare(item, before) >= 0);
  const size = Math.min(boundedLimit(limit), Math.max(0, end - start));
  const from = backward ? Math.max(start, end) - size : start;
  return {
    items: sorted.slice(from, from + size),
    has_previous: from > 0,
    has_next: Math.min(from + size, end) < sorted.length,
  };
}

export function boundedLimit(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit), 0), MOST_ITEMS);
}

/** Rejects a key that another order, or nobody, made. */
export function checkedKey(key: Key, length: number): Key {
  if (key.length === length && key.every((part) => Number.isFinite(part))) return key;
  throw new HubError("invalid_request", "The cursor is of another list or of another order.");
}

function firstIndex<T>(sorted: readonly T[], isBehind: (item: T) => boolean): number {
  const index = sorted.findIndex(isBehind);
  return index === -1 ? sorted.length : index;
}
