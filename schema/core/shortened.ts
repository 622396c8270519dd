/** A message only needs enough of what a client sent to recognise it; the id of an interaction must fit whole. */
const LONGEST = 80;

/** A text that is quoted in a message: cut where it is long, never inside a character. */
export function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, "")}…` : text;
}
