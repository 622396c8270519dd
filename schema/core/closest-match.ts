import { editDistance } from "./edit-distance.ts";

/** Names longer than this are no slips of the finger, and comparing them would only cost time. */
const LONGEST = 80;

/**
 * The candidates that a name was perhaps meant to be, the closest first. Those further than a third of its length are none,
 * but for those that it begins.
 */
export function closestMatches(name: string, candidates: Iterable<string>, limit = 3): string[] {
  if (name.length > LONGEST) return [];
  const furthest = Math.max(1, Math.floor(name.length / 3));
  return [...candidates]
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= furthest || (name.length > 3 && candidate.startsWith(name)))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}
