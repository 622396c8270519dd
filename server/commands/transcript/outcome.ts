import { isJsonObject } from "../../../schema/core/json.ts";
import type { WireEvent } from "../client/follow-interaction.ts";
import { exitCodes } from "../exit-codes.ts";
import { readable } from "../terminal/readable.ts";

/** How an interaction stands, as far as its events have told. */
export type Outcome = { status: string | undefined; failure: string | undefined; tokens: number | undefined };

export const unknownOutcome: Outcome = { status: undefined, failure: undefined, tokens: undefined };

/** The outcome once one more event is known. */
export function outcomeAfter(before: Outcome, { event_type, interaction, status, error }: WireEvent): Outcome {
  if (event_type === "error" && isJsonObject(error)) {
    return { ...before, failure: readable(String(error.message ?? error.code ?? "unknown")) };
  }
  if (event_type === "interaction.status_update" && typeof status === "string") return { ...before, status };
  if (event_type !== "interaction.completed" || !isJsonObject(interaction)) return before;
  const { usage } = interaction;
  return {
    ...before,
    status: typeof interaction.status === "string" ? interaction.status : before.status,
    tokens: isJsonObject(usage) && typeof usage.total_tokens === "number" ? usage.total_tokens : undefined,
  };
}

export function exitCodeOf({ status, failure }: Outcome): number {
  return status === "completed" && failure === undefined ? exitCodes.done.code : exitCodes.notCompleted.code;
}
