import { MOST_ITEMS } from "../../../schema/archive.ts";
import { HubError } from "../../../schema/core/error.ts";
import type { Interaction } from "../../../schema/core/interaction.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import { begin } from "./begin.ts";
import type { GraphqlContext } from "./context.ts";
import { forkRequest } from "./fork.ts";
import type { InteractionSource } from "./interaction-source.ts";

/** What a fork made: new interactions in order, and why it did not go on to the end that was asked for. */
export type Forked = { interactions: InteractionSource[]; stopped?: HubError };

/** Does one interaction again with changes. */
export async function rerunOne(from: string, changes: JsonObject, context: GraphqlContext): Promise<Forked> {
  const original = await context.sources.hub.read(from);
  return { interactions: [await begin(forkRequest(original, changes, original.previous_id), context)] };
}

/** Does a stretch of a chain again, one after the other, each to its end. The changed input is for the first one. */
export async function rerunTail(
  from: string,
  through: string,
  { input, ...changes }: JsonObject,
  context: GraphqlContext,
): Promise<Forked> {
  const { hub } = context.sources;
  const ids = await stretch(from, through, context);
  const interactions: InteractionSource[] = [];
  for (const id of ids) {
    const before = interactions.at(-1);
    if (before !== undefined && !goesOn(before)) return { interactions, stopped: ended(before) };
    try {
      const original = await hub.read(id);
      const request = forkRequest(original, changesFor(before, input, changes), before?.id ?? original.previous_id);
      interactions.push(await begin(request, context, true));
    } catch (error) {
      if (!(error instanceof HubError) || before === undefined) throw error;
      return { interactions, stopped: error };
    }
  }
  return { interactions };
}

function changesFor(
  before: InteractionSource | undefined,
  input: JsonObject[string] | undefined,
  changes: JsonObject,
): JsonObject {
  return before === undefined && input !== undefined ? { ...changes, input } : changes;
}

/** The ids from one interaction to another that goes on from it. */
async function stretch(from: string, through: string, { loaders }: GraphqlContext): Promise<string[]> {
  const chain = ((await loaders.chains(MOST_ITEMS).load(through)) ?? []).map(({ id }) => id);
  const start = chain.indexOf(from);
  if (start !== -1) return chain.slice(start);
  throw new HubError("invalid_request", "'through' does not go on from 'from'.", { field: "through" });
}

/** Whether something can go on from it. */
function goesOn({ status }: Pick<Interaction, "status">): boolean {
  return status === "completed" || status === "requires_action" || status === "incomplete";
}

function ended({ id, status }: InteractionSource): HubError {
  return new HubError("failed_precondition", `Interaction '${id}' ended as ${status}, so nothing goes on from it.`);
}
