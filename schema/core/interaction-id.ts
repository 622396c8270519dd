/**
 * Ids in the form that Google's service uses: `v1_` and the unpadded base64url of a protobuf of two strings, the own part
 * of the chain's root and the own part of this interaction. Parts of other lengths than ours (real ids have 22 or 23
 * characters) are read too.
 */
export type InteractionIdParts = { root: string; own: string };

const PREFIX = "v1_";

/** Characters of an own part in the order of their codes, so that text order is time order. */
const ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const TIME_LENGTH = 8;
const COUNTER_LENGTH = 3;
const RANDOM_LENGTH = 12;
/** Random bytes that an own part needs. */
export const randomBytesPerId = RANDOM_LENGTH;

/** Ids that one millisecond can hold in order. */
export const idsPerMillisecond = 64 ** COUNTER_LENGTH;

/** A 23-character own part: 48 bits of milliseconds since 1970, 18 bits of order within it, 72 random bits. */
export function ownPart(milliseconds: number, counter: number, random: Uint8Array): string {
  let text = digits(milliseconds, TIME_LENGTH) + digits(counter, COUNTER_LENGTH);
  for (let index = 0; index < RANDOM_LENGTH; index += 1) text += ALPHABET[(random[index] ?? 0) & 63];
  return text;
}

/** The id of an interaction from the own part of its root and its own. */
export function formatInteractionId({ root, own }: InteractionIdParts): string {
  const bytes = `\n${String.fromCharCode(root.length)}${root}\x12${String.fromCharCode(own.length)}${own}`;
  return PREFIX + btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The parts of an id, or `undefined` if it is no id of this form. */
export function parseInteractionId(id: string): InteractionIdParts | undefined {
  if (!id.startsWith(PREFIX) || !/^[\w-]{8,180}$/.test(id)) return undefined;
  let bytes: string;
  try {
    bytes = atob(id.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
  const rootLength = bytes.charCodeAt(1);
  const ownStart = 2 + rootLength + 2;
  if (bytes[0] !== "\n" || bytes[2 + rootLength] !== "\x12") return undefined;
  const own = bytes.slice(ownStart);
  return own.length > 0 && own.length === bytes.charCodeAt(ownStart - 1)
    ? { root: bytes.slice(2, 2 + rootLength), own }
    : undefined;
}

function digits(value: number, length: number): string {
  let text = "";
  let rest = value;
  for (let index = 0; index < length; index += 1) {
    text = ALPHABET[rest % 64] + text;
    rest = Math.floor(rest / 64);
  }
  return text;
}
