import type { Revision } from "../core/interaction.ts";

/**
 * A place in an interaction's log as a reader has it: everything before `sequence` was delivered, and of the events that
 * `sequence` itself gives, the first `part` (`Infinity`: all). A finite part counts the events of one `revision`.
 */
export type EventCursor = { sequence: number; part: number; revision?: Revision };

const TAG_LENGTH = 4;
const NO_TAG = "0".repeat(TAG_LENGTH);

/** Base 36 with at most ten digits, so that every number that is read is a safe integer. */
const pattern = /^e([1-9a-z][0-9a-z]{0,9})(?:\.([ls])([1-9a-z][0-9a-z]{0,9}))?-([\w-]{4})$/;

/** The check by which an interaction knows its own cursors: the last characters of its id, which are random. */
export function eventTag(interactionId: string): string {
  return interactionId.length < TAG_LENGTH ? NO_TAG : interactionId.slice(-TAG_LENGTH).replaceAll(/[^\w-]/g, "0");
}

/**
 * The wire's `event_id`: opaque to clients, safe in a URL, valid in both revisions and after a restart.
 * `e<sequence>-<tag>` means that all of a sequence was delivered, which every revision understands; `e<sequence>.s2-<tag>`
 * means two of its steps-revision events (`.l2`: legacy events), because the same two need not say the same elsewhere.
 */
export function encodeEventId(
  tag: string,
  sequence: number,
  part = Number.POSITIVE_INFINITY,
  revision: Revision = "steps",
): string {
  const partial = part === Number.POSITIVE_INFINITY ? "" : `.${revision === "steps" ? "s" : "l"}${part.toString(36)}`;
  return `e${sequence.toString(36)}${partial}-${tag}`;
}

/** Reads an `event_id`; `undefined` if it is none, or one of another interaction. */
export function decodeEventId(tag: string, text: string): EventCursor | undefined {
  const [, sequence, revision, part, ownTag] = pattern.exec(text) ?? [];
  if (sequence === undefined || ownTag !== tag) return undefined;
  const place = Number.parseInt(sequence, 36);
  if (part === undefined) return { sequence: place, part: Number.POSITIVE_INFINITY };
  return { sequence: place, part: Number.parseInt(part, 36), revision: revision === "s" ? "steps" : "legacy" };
}
