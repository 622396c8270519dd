import type { CreateRequest } from "../../../schema/core/interaction.ts";
import type { GraphqlContext } from "./context.ts";
import { fromHub, type InteractionSource } from "./interaction-source.ts";

/**
 * Runs a request to its end, or only begins it where nobody waits for it. What fails before anything came of it is
 * forgotten, as REST does it: nobody was told its id. Unless it is the caller who has gone: then the run goes on.
 */
export async function begin(
  request: CreateRequest,
  { sources: { hub }, caller }: GraphqlContext,
  wait = !request.background,
): Promise<InteractionSource> {
  const begun = await hub.begin(request, caller.gone, caller.callerKey());
  if (!wait) return fromHub(begun.interaction);
  try {
    await begun.started();
    return fromHub(await begun.ended());
  } catch (error) {
    const { id, store } = begun.interaction;
    // Where this fails too, the caller must still hear the first reason.
    if (!caller.gone.aborted && store) await hub.remove(id).catch(() => {});
    throw error;
  }
}
