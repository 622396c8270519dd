/** So many code points lie between two places that are remembered. */
const STRIDE = 256;

/** A place in a text: in its UTF-16 code units, and in UTF-8 bytes. */
type Place = { unit: number; byte: number };

/**
 * Where the code points of a text stand in UTF-8. The text may only grow from call to call: what has been counted of it is
 * remembered, for it would take too long to count it anew for each of many citations.
 */
export class BytePlaces {
  readonly #known: Place[] = [{ unit: 0, byte: 0 }];

  /** How many bytes the first `count` code points take; `undefined` where there are fewer. */
  bytesAt(text: string, count: number): number | undefined {
    const start = Math.max(0, Math.min(Math.floor(count / STRIDE), this.#known.length - 1));
    let { unit, byte } = this.#known[start] ?? { unit: 0, byte: 0 };
    let passed = start * STRIDE;
    for (; passed < count && unit < text.length; passed += 1) {
      const code = text.codePointAt(unit) ?? 0;
      unit += code < 0x10000 ? 1 : 2;
      byte += bytesOf(code);
      if ((passed + 1) % STRIDE === 0) this.#known[(passed + 1) / STRIDE] = { unit, byte };
    }
    return passed < count ? undefined : byte;
  }
}

/** How many bytes a code point takes. */
export function bytesOf(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
