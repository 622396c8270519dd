import type { Store } from "../../db/store.ts";
import type { LoggedEvent } from "../../schema/core/event.ts";
import { foldLog } from "../../schema/core/fold.ts";

/** Events read at once while looking for the end of a log. */
const PAGE = 1000;

/**
 * Finishes as failed what is stored as running although nothing runs it: the process that ran it was killed, or could not
 * write its end. What had come of it is kept, and its log gets an end, so that its stream still replays.
 */
export async function recoverInterrupted(options: {
  store: Store;
  runs: (id: string) => boolean;
  now: () => number;
}): Promise<number> {
  const { store } = options;
  const orphans = (await store.unfinished()).filter((id) => !options.runs(id));
  for (const id of orphans) {
    const interaction = await store.find(id);
    if (interaction === undefined || options.runs(id)) continue;
    const end: LoggedEvent = {
      sequence: (await lastSequence(store, id)) + 1,
      at: options.now(),
      event: {
        type: "finish",
        status: "failed",
        errors: [{ code: "interrupted", message: "The server stopped before this interaction had ended." }],
      },
    };
    await store.finish(foldLog(interaction, [end]), [end]);
  }
  return orphans.length;
}

async function lastSequence(store: Store, id: string): Promise<number> {
  for (let after = 0; ; ) {
    const last = (await store.events(id, after, PAGE)).at(-1);
    if (last === undefined) return after;
    after = last.sequence;
  }
}
