/** What every server takes as the name of a function. */
const plain = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The names of functions in the words of chat completions and back: Google's may hold dots and colons, for which an
 * underscore stands on the wire.
 */
export class FunctionNames {
  readonly #toWire = new Map<string, string>();
  readonly #fromWire = new Map<string, string>();

  /** Names that need no change come first, so that no changed one takes their place. */
  constructor(names: readonly string[]) {
    for (const name of names) if (plain.test(name)) this.#pair(name, name);
    for (const name of names) this.toWire(name);
  }

  toWire(name: string): string {
    const known = this.#toWire.get(name);
    if (known !== undefined) return known;
    const base = name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "_";
    let wire = base;
    for (let count = 2; this.#fromWire.has(wire); count += 1) wire = `${base.slice(0, 60)}_${count}`;
    this.#pair(name, wire);
    return wire;
  }

  fromWire(wire: string): string {
    return this.#fromWire.get(wire) ?? wire;
  }

  #pair(name: string, wire: string): void {
    this.#toWire.set(name, wire);
    this.#fromWire.set(wire, name);
  }
}
