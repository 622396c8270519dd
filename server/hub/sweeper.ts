import type { Expiry, Store } from "../../db/store.ts";
import { type TerminalStatus, terminalStatuses } from "../../schema/core/interaction.ts";

/** Milliseconds that an ended interaction is kept by its status; null is for ever. */
export type Retention = Record<TerminalStatus, number | null>;

/** Interactions removed in one transaction: few enough that nobody waits for it. */
const BATCH = 200;

/**
 * Removes what has outlived its time, batch by batch, with a pause between them in which others write; never what runs.
 * Resolves to how many it removed.
 */
export async function sweep(
  store: Store,
  retention: Retention,
  now: number,
  pause: () => Promise<unknown>,
  stopping: AbortSignal,
): Promise<number> {
  const expiries: Expiry[] = terminalStatuses.flatMap((status) => {
    const kept = retention[status];
    return kept === null ? [] : [{ status, before: now - kept }];
  });
  if (expiries.length === 0) return 0;
  for (let total = 0; ; ) {
    const removed = await store.expire(expiries, BATCH);
    total += removed;
    if (removed < BATCH) return total;
    await pause();
    if (stopping.aborted) return total;
  }
}

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
