import type { HubError } from "../../schema/core/error.ts";

/** What stands behind the `HubError` of an upstream: private, for the log and for those who may ask again. */
export class UpstreamTrouble extends Error {
  override readonly name = "UpstreamTrouble";
  /** Whether the same request may well succeed a little later. */
  readonly passing: boolean;

  constructor(message: string, passing: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.passing = passing;
  }
}

/** Whether the same request may well succeed a little later. */
export function mayPass({ code, cause }: HubError): boolean {
  return cause instanceof UpstreamTrouble ? cause.passing : code === "unavailable" || code === "deadline_exceeded";
}
