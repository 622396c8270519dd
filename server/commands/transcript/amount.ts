/** A count with its noun, which gets an "s" unless it is one. */
export function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
