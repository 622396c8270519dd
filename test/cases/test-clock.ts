/** A clock that a test turns. */
export class TestClock {
  time = 1_000_000;
  #sleepers = new Set<{ due: number; wake: () => void }>();
  /** Every wait that was asked for. */
  readonly waits: number[] = [];

  sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      this.waits.push(milliseconds);
      const sleeper = { due: this.time + milliseconds, wake: () => resolve() };
      this.#sleepers.add(sleeper);
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort, { once: true });
    });

  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets so many milliseconds pass, and everything happen that waits for them. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settle();
      const [next] = [...this.#sleepers].sort((one, other) => one.due - other.due);
      if (next === undefined || next.due > end) break;
      this.time = next.due;
      this.#sleepers.delete(next);
      next.wake();
    }
    this.time = end;
    await settle();
  }
}

/** Lets every promise go on that can. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
