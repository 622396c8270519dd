import type { Store } from "../../db/store.ts";
import { HubError } from "../../schema/core/error.ts";
import type { Failure } from "../../schema/core/interaction.ts";
import { finishFromLog } from "./finish-from-log.ts";

/** The cause of an end that nobody was there to write. */
export const interruption: Failure = {
  code: "interrupted",
  message: "The server stopped before this interaction had ended.",
};

export type RecoverOptions = {
  store: Store;
  runs: (id: string) => boolean;
  now: () => number;
  /** Told of interactions that cannot be read. */
  bug: (error: unknown) => void;
};

/**
 * Finishes as failed what is stored as running although nothing runs it: the process that ran it was killed, or could not
 * write its end. One that cannot be read does not keep the others from it. Resolves to how many there were.
 */
export async function recoverInterrupted(options: RecoverOptions): Promise<number> {
  const orphans = (await options.store.unfinished()).filter((id) => !options.runs(id));
  // One after the other: each may have a long log, and whoever waits for this must know that nothing goes on.
  for (const id of orphans) await recover(id, options);
  return orphans.length;
}

async function recover(id: string, { store, runs, now, bug }: RecoverOptions): Promise<void> {
  if (runs(id)) return;
  try {
    await finishFromLog(store, id, now(), interruption);
  } catch (error) {
    // A full disk is nobody's defect, and will be tried again.
    if (error instanceof HubError) throw error;
    bug(error);
    const head = await store.head(id);
    if (head === undefined) return;
    await store.finish({ ...head, status: "failed", errors: [interruption], updated_at: now() }, []);
  }
}
