/**
 * Levels of arrays and objects within each other that are still read and kept. Nothing that means anything nests as deep, and
 * what recurses over JSON has room for more.
 */
export const DEEPEST = 500;

/** Whether a value that JSON gave nests deeper than what is kept. */
export function isTooDeep(value: unknown, level = 1): boolean {
  if (typeof value !== "object" || value === null) return false;
  return level > DEEPEST || Object.values(value).some((member) => isTooDeep(member, level + 1));
}
