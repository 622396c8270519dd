/** Does a task again and again until stopped; a task that fails is reported and tried again the next time. */
export function every(milliseconds: number, task: () => Promise<unknown>, report: (error: unknown) => void) {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let working: Promise<void> = Promise.resolve();
  const next = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      working = task()
        .then(() => {}, report)
        .then(next);
    }, milliseconds);
    timer.unref();
  };
  next();
  return {
    /** Resolves when a task that was under way has ended. */
    stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      return working;
    },
  };
}
