import type { ChainLink, Store } from "../../db/store.ts";
import { HubError } from "../../schema/core/error.ts";
import { isTerminal } from "../../schema/core/interaction.ts";
import { shortened } from "../../schema/core/shortened.ts";
import type { Step } from "../../schema/core/step.ts";

/** What a new interaction continues: the chain's root, its links, and what was said in them, oldest first. */
export type Continuation = { root_id: string; links: ChainLink[]; history: Step[] };

const field = "previous_interaction_id";

/**
 * Reads the chain that ends in `previous`. Refuses one that is unknown, still runs, or has lost an ancestor: with a part
 * of the conversation missing, the answer would be to another question.
 */
export async function readContinuation(store: Store, previous: string): Promise<Continuation> {
  const links = await store.chain(previous);
  const tip = links.at(-1);
  const root = links[0];
  if (tip === undefined || root === undefined) {
    throw new HubError(
      "invalid_request",
      `The interaction '${shortened(previous)}' in 'previous_interaction_id' is not stored: it is unknown, was deleted, has expired, or was made with store=false.`,
      { field },
    );
  }
  if (!isTerminal(tip.status)) {
    throw new HubError(
      "failed_precondition",
      `The interaction '${shortened(previous)}' in 'previous_interaction_id' is still in progress.`,
      { field },
    );
  }
  if (root.previous_id !== undefined) {
    throw new HubError(
      "invalid_request",
      `The chain of 'previous_interaction_id' is broken: its interaction '${shortened(root.previous_id)}' was deleted or has expired.`,
      { field },
    );
  }
  return { root_id: root.id, links, history: links.flatMap((link) => link.steps) };
}

/**
 * Refuses results that answer no call (neither the chain nor the input before them holds it) and those for a call that the
 * chain has another result for. `isNew` tells them from results that the client only sent again.
 */
export function checkResults(history: readonly Step[], input: readonly Step[], isNew: (step: Step) => boolean): void {
  const called = new Set<string>();
  const answered = new Set<string>();
  for (const step of history) {
    if (step.type === "tool_call") called.add(step.call_id);
    if (step.type === "tool_result") answered.add(step.call_id);
  }
  for (const [index, step] of input.entries()) {
    if (step.type === "tool_call") called.add(step.call_id);
    if (step.type !== "tool_result" || step.tool !== "function") continue;
    if (answered.has(step.call_id) && isNew(step)) {
      throw new HubError(
        "invalid_request",
        `The call '${shortened(step.call_id)}' already has another result in this chain. To answer it differently, continue from the interaction that made the call.`,
        { field: `input[${index}].call_id` },
      );
    }
    if (called.has(step.call_id)) continue;
    throw new HubError(
      "invalid_request",
      `Please ensure that function response turn comes immediately after a function call turn. Got function response ${
        step.name === undefined ? "" : `with name '${shortened(step.name)}' `
      }for the call '${shortened(step.call_id)}', which this conversation does not hold.`,
      { field: `input[${index}].call_id` },
    );
  }
}
