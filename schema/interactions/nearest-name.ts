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
    // Half of a short name wrong is another name.
    if (edits < bestDistance && edits * 2 < Math.max(wanted.length, 2)) {
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

/** Insertions, deletions and replacements of one character that turn one name into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
