/** Watches whether a connection that has more to take does take it. */
export type StallWatch = {
  /** It takes no more for now. */
  begin(): void;
  /** It takes more again, or is closed. */
  stop(): void;
};

/** Cuts a connection of which nothing has been taken for so many milliseconds. `waiting` tells how much waits for it. */
export function createStallWatch(waiting: () => number, milliseconds: number, cut: () => void): StallWatch {
  let timer: NodeJS.Timeout | undefined;
  let least = 0;

  function look(): void {
    const now = waiting();
    if (now >= least) {
      timer = undefined;
      cut();
      return;
    }
    // Slow is not stalled: it goes on for as long as something is taken.
    least = now;
    timer = setTimeout(look, milliseconds);
  }

  return {
    begin() {
      if (timer !== undefined) return;
      least = waiting();
      timer = setTimeout(look, milliseconds);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
