import { editDistance } from "../core/edit-distance.ts";

/** Names longer than this are no slips of the finger, and comparing them would only cost time. */
const LONGEST = 64;

/**
 * The known name that was probably meant, or `undefined` when none is near. Case, hyphens and camelCase are no
 * difference; beyond that at most `distance` edits are.
 */
export function nearestName(name: string, known: Iterable<string>, distance = 2): string | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = snakeCase(name);
  let best: string | undefined;
  let bestDistance = distance + 1;
  for (const candidate of known) {
    const edits = editDistance(wanted, candidate);
    // More than half of a short name wrong is another name.
    if (edits < bestDistance && edits * 2 <= wanted.length) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return best;
}

function snakeCase(name: string): string {
  return name
    .replaceAll("-", "_")
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
