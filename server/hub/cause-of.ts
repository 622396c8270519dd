import { errorCodes, HubError } from "../../schema/core/error.ts";
import type { Event } from "../../schema/core/event.ts";

/**
 * Why an interaction failed, under one of the hub's own codes. A failure of another kind (generation that was blocked,
 * say) is an answer, which the interaction tells: it has no such cause.
 */
export function causeOf(finish: Extract<Event, { type: "finish" }>): HubError | undefined {
  const [cause] = finish.errors ?? [];
  if (cause === undefined) return new HubError("upstream_error", "The interaction failed.");
  const code = errorCodes.find((known) => known === cause.code);
  return code && new HubError(code, cause.message);
}
