/** A cache by texts that forgets the oldest when it holds too much; texts that are too long are not kept at all. */
export type BoundedCache<Value> = { get(key: string): Value | undefined; set(key: string, value: Value): void };

/** The longest text that is worth keeping. */
const LONGEST = 65_536;

/** Characters and entries that are kept altogether. */
const MOST_CHARACTERS = 2_000_000;
const MOST_ENTRIES = 500;

export function createBoundedCache<Value>(): BoundedCache<Value> {
  const entries = new Map<string, Value>();
  let characters = 0;

  function forget(key: string): void {
    if (entries.delete(key)) characters -= key.length;
  }

  return {
    get: (key) => entries.get(key),
    set(key, value) {
      if (key.length > LONGEST) return;
      forget(key);
      entries.set(key, value);
      characters += key.length;
      for (const oldest of entries.keys()) {
        if (characters <= MOST_CHARACTERS && entries.size <= MOST_ENTRIES) break;
        forget(oldest);
      }
    },
  };
}
