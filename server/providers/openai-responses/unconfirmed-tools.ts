import type { Degradation } from "../../../schema/core/degradation.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import { objectsIn, textIn } from "../json-members.ts";

/** A tool that the upstream is to run itself, by the API's name for it, and the member that asked for it. */
export type HostedTool = { type: string; field: string };

/**
 * The tools that an upstream may never have offered to its model. Who has them repeats them in its answer or uses them;
 * llama.cpp and others pass over what is no function in silence, which must not stay unsaid.
 */
export function unconfirmedTools(hosted: readonly HostedTool[], response: JsonObject): Degradation[] {
  const named = [...objectsIn(response, "tools"), ...objectsIn(response, "output")].map(
    (one) => textIn(one, "type") ?? "",
  );
  return hosted
    .filter(({ type }) => !named.some((name) => name.startsWith(type)))
    .map(({ type, field }) => ({
      field,
      message: `The upstream does not say that it has '${type}', so the model may have done without it.`,
    }));
}
