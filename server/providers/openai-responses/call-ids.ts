/** Longer ones are refused. */
const LONGEST = 64;

/**
 * The ids by which calls and results of a conversation find each other, as the API takes them: each call has one of its own,
 * and no result comes twice. Other vendors' calls may have none, a longer one, or one that a later turn has again.
 */
export class CallIds {
  /** What waits for a result: the id as it was, and the one given instead. */
  readonly #waiting: { original: string; given: string }[] = [];
  readonly #given = new Set<string>();

  /** The id of a call. */
  called(original: string): string {
    const base = original === "" ? "call" : original;
    let given = base.slice(0, LONGEST);
    for (let count = 2; this.#given.has(given); count += 1) given = `${base.slice(0, LONGEST - 8)}_${count}`;
    this.#given.add(given);
    this.#waiting.push({ original, given });
    return given;
  }

  /** The id of the call that a result is for; `undefined` if no call waits for it. */
  answered(original: string): string | undefined {
    const place = this.#waiting.findIndex((call) => call.original === original);
    return place === -1 ? undefined : this.#waiting.splice(place, 1)[0]?.given;
  }

  /** Whether a call has had no result yet. */
  isWaiting(given: string): boolean {
    return this.#waiting.some((call) => call.given === given);
  }
}
