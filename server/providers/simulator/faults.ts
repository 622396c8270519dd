import { type ErrorCode, HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";

/** What goes wrong on purpose, written into the model's name. */
export type Fault =
  | { kind: "refuse"; status: number }
  | { kind: "stall"; after: number }
  | { kind: "cut"; after: number }
  | { kind: "fail"; after: number };

/** The fault that a model's name asks for. */
export function faultOf(model: string): Fault | undefined {
  const match = /^simulator-fault-(refuse|stall|cut|fail)(?:-(\d+))?$/.exec(model);
  if (match === null) return undefined;
  const number = Number(match[2] ?? 0);
  switch (match[1]) {
    case "refuse":
      return { kind: "refuse", status: number };
    case "stall":
      return { kind: "stall", after: number };
    case "cut":
      return { kind: "cut", after: number };
    default:
      return { kind: "fail", after: number };
  }
}

/** Milliseconds between the pieces of a slow model's answer. */
export function slownessOf(model: string): number | undefined {
  const match = /^simulator-slow(?:-(\d+))?$/.exec(model);
  return match === null ? undefined : Number(match[1] ?? 100);
}

/** The code that each status answers with. There is none for 500, because that code says that the hub has a bug. */
const codesByStatus: ReadonlyMap<number, ErrorCode> = new Map([
  [400, "invalid_request"],
  [401, "authentication"],
  [403, "permission_denied"],
  [404, "model_not_found"],
  [405, "method_not_allowed"],
  [413, "request_too_large"],
  [429, "rate_limit_exceeded"],
  [499, "cancelled"],
  [502, "upstream_error"],
  [503, "unavailable"],
  [504, "deadline_exceeded"],
]);

/** The HTTP statuses that the simulator can refuse with. */
export const refusedStatuses: readonly number[] = [...codesByStatus.keys()];

/** The error that is answered with an HTTP status; a status that no error has is the mistake of who asked for it. */
function refusalOf(status: number): HubError {
  const code = codesByStatus.get(status);
  if (code === undefined) {
    const can = refusedStatuses.join(", ");
    return new HubError("model_not_found", `The simulator cannot refuse with status ${status}. It can with: ${can}.`);
  }
  return new HubError(
    code,
    `The simulator refuses with status ${status}, as its model's name asks.`,
    status === 429 ? { retryAfter: 1 } : {},
  );
}

/** The events as far as the fault lets them through, then the fault. */
export async function* withFault(
  events: AsyncIterable<ProviderEvent>,
  fault: Fault,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent, void, void> {
  if (fault.kind === "refuse") throw refusalOf(fault.status);
  let count = 0;
  if (fault.after > 0) {
    for await (const event of events) {
      yield event;
      count += 1;
      if (count === fault.after) break;
    }
  }
  if (signal.aborted) return;
  switch (fault.kind) {
    case "stall":
      return aborted(signal);
    case "cut":
      return;
    case "fail":
      throw new HubError("upstream_error", `The simulator fails after ${count} events, as its model's name asks.`);
    default:
      fault satisfies never;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
