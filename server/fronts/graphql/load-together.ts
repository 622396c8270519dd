/** Loads values by key. What is asked for in one turn is loaded by one call, and each key once. */
export type Loader<Value> = {
  load(key: string): Promise<Value | undefined>;
};

/** A loader for one execution: it remembers all that it has loaded. */
export function loadTogether<Value>(
  loadMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): Loader<Value> {
  const known = new Map<string, Promise<Value | undefined>>();
  let due: { keys: string[]; values: Promise<ReadonlyMap<string, Value>> } | undefined;

  function schedule(): NonNullable<typeof due> {
    const keys: string[] = [];
    const values = whenIdle().then(() => {
      due = undefined;
      return loadMany(keys);
    });
    return { keys, values };
  }

  return {
    load(key) {
      const earlier = known.get(key);
      if (earlier !== undefined) return earlier;
      due ??= schedule();
      due.keys.push(key);
      const value = due.values.then((found) => found.get(key));
      known.set(key, value);
      return value;
    },
  };
}

/** After every promise that is settled by now has been heard, and those that settle because of it. */
function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    Promise.resolve().then(() => process.nextTick(resolve));
  });
}
