/** Whether two values are the same once they are written as JSON; the order of members does not count. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const members = membersOf(left);
  const others = new Map(membersOf(right));
  return members.length === others.size && members.every(([name, value]) => isSameJson(value, others.get(name)));
}

/** JSON has no member that is `undefined`. */
function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
