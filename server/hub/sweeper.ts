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
