const quote = 0x22;
const backslash = 0x5c;

/**
 * Finds the end of a JSON object whose text comes in pieces. Each piece is looked at once: to parse all of it again with
 * every piece would take a time that grows with the square of its length.
 */
export class JsonExtent {
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #isClosed = false;

  /** Whether the object has ended, and nothing but blanks has come since. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  take(piece: string): void {
    for (let index = 0; index < piece.length; index += 1) {
      const code = piece.charCodeAt(index);
      if (this.#isInText) this.#takeText(code);
      else if (code > 0x20) this.#takeMark(code);
    }
  }

  #takeText(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === backslash) this.#isEscaped = true;
    else if (code === quote) this.#isInText = false;
  }

  /** `{` and `}` are `[` and `]` with one bit more: which of them it is, the parser judges. */
  #takeMark(code: number): void {
    const bracket = code | 0x20;
    this.#isInText = code === quote;
    if (bracket === 0x7b) this.#depth += 1;
    else if (bracket === 0x7d) this.#depth -= 1;
    this.#isClosed = bracket === 0x7d && this.#depth === 0;
  }
}
