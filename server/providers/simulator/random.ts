/** Numbers that look random and are the same for the same seed. */
export type Random = {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number between two bounds, both included. */
  integer(least: number, most: number): number;
  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A short opaque word of lower-case letters and digits. */
  token(length: number): string;
};

const TOKEN_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** The generator known as mulberry32: 32 bits of state, quick, good enough for playing a model. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  return {
    next,
    integer: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    token(length) {
      let text = "";
      for (let index = 0; index < length; index += 1) text += TOKEN_CHARACTERS[Math.floor(next() * 36)];
      return text;
    },
  };
}

/** A base64 text of so many bytes that follows from the seed. */
export function opaqueBase64(random: Random, byteCount: number): string {
  const bytes = Buffer.allocUnsafe(byteCount);
  for (let index = 0; index < byteCount; index += 1) bytes[index] = Math.floor(random.next() * 256);
  return bytes.toString("base64");
}
