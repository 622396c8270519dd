import type { Store } from "../../db/store.ts";
import type { LoggedEvent } from "../../schema/core/event.ts";
import { foldLog } from "../../schema/core/fold.ts";
import { type Failure, type Interaction, isTerminal } from "../../schema/core/interaction.ts";
import { readLogEnd } from "./read-log-end.ts";

/**
 * Ends as failed an interaction whose log has no end and to which nobody else will write one. What the log holds is kept,
 * so that its stream still replays. Resolves to the end state; `undefined` if it is not stored any more.
 */
export async function finishFromLog(
  store: Store,
  id: string,
  at: number,
  failure: Failure,
): Promise<Interaction | undefined> {
  const interaction = await store.find(id);
  if (interaction === undefined || isTerminal(interaction.status)) return interaction;
  const end: LoggedEvent = {
    sequence: (await readLogEnd(store, id)).sequence + 1,
    at,
    event: { type: "finish", status: "failed", errors: [failure] },
  };
  await store.finish(foldLog(interaction, [end]), [end]);
  // Read again: somebody else may have written the end meanwhile, and theirs counts.
  return store.find(id);
}
