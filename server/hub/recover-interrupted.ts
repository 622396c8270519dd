import type { Store } from "../../db/store.ts";
import type { Failure } from "../../schema/core/interaction.ts";
import { finishFromLog } from "./finish-from-log.ts";

const interrupted: Failure = {
  code: "interrupted",
  message: "The server stopped before this interaction had ended.",
};

/**
 * Finishes as failed what is stored as running although nothing runs it: the process that ran it was killed, or could not
 * write its end. Resolves to how many there were.
 */
export async function recoverInterrupted(options: {
  store: Store;
  runs: (id: string) => boolean;
  now: () => number;
}): Promise<number> {
  const { store } = options;
  const orphans = (await store.unfinished()).filter((id) => !options.runs(id));
  for (const id of orphans) {
    if (!options.runs(id)) await finishFromLog(store, id, options.now(), interrupted);
  }
  return orphans.length;
}
