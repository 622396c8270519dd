import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { Failure, TerminalStatus } from "../../../schema/core/interaction.ts";
import { isJsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { Usage } from "../../../schema/core/usage.ts";
import { statusOfWord } from "../status-of-word.ts";
import { upstreamHttpError } from "../upstream-error.ts";
import { UpstreamTrouble } from "../upstream-trouble.ts";
import { textOf, type WireInteraction } from "./wire.ts";

type Finish = Extract<ProviderEvent, { type: "finish" }>;

/** Google's states in which an interaction does not go on; `requires_continuation` is one only if nobody continues it. */
const statuses: ReadonlyMap<string, TerminalStatus> = new Map<string, TerminalStatus>([
  ["completed", "completed"],
  ["requires_action", "requires_action"],
  ["failed", "failed"],
  ["cancelled", "cancelled"],
  ["incomplete", "incomplete"],
  ["budget_exceeded", "incomplete"],
  ["requires_continuation", "incomplete"],
]);

/** Whether an interaction in that state is still on its way. Google may have more such states than the hub knows. */
export function isUnderWay(status: JsonValue | undefined): boolean {
  return status === undefined || status === null || status === "in_progress" || status === "queued";
}

/** The end of an interaction. A state that the hub does not know is an end for which it has no better word. */
export function finishOf(interaction: WireInteraction, usage: Usage | undefined, upstream: string): Finish {
  const said = String(interaction.status);
  const status = statuses.get(said) ?? "incomplete";
  const told = failuresOf(interaction.errors, upstream);
  const errors = told.length > 0 || isGood(status) ? told : [reasonOf(said, status, upstream)];
  return {
    type: "finish",
    status,
    ...(usage === undefined ? {} : { usage }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}

/**
 * What an error in the midst of a stream says: a failure, where it tells how generation ended (`safety`, …), which the hub
 * calls the same; else a trouble of the upstream's. Google also sends errors that say nothing at all.
 */
export function faultOf(wire: JsonValue | undefined, upstream: string): Failure | HubError {
  const error = isJsonObject(wire) ? wire : {};
  const code = textOf(error.code)?.toLowerCase();
  if (code !== undefined && statusOfWord([code]) === undefined) {
    return { code, message: textOf(error.message) ?? `The upstream '${upstream}' ended the answer: ${code}.` };
  }
  if (code === undefined && textOf(error.message) === undefined) return brokenOff(upstream);
  return upstreamHttpError(upstream, 200, new Headers(), JSON.stringify({ error }));
}

/** An answer that ended before its end. */
export function brokenOff(upstream: string): HubError {
  const message = `The upstream '${upstream}' broke off in the middle of its answer.`;
  return new HubError("upstream_error", message, { cause: new UpstreamTrouble("no end of the stream", true) });
}

function isGood(status: TerminalStatus): boolean {
  return status === "completed" || status === "requires_action" || status === "cancelled";
}

function failuresOf(wire: JsonValue | undefined, upstream: string): Failure[] {
  if (!Array.isArray(wire)) return [];
  return wire.filter(isJsonObject).map((error) => {
    const { code, message } = faultOf(error, upstream);
    return { code, message };
  });
}

function reasonOf(said: string, status: TerminalStatus, upstream: string): Failure {
  const who = `The upstream '${upstream}'`;
  if (said === "incomplete")
    return { code: "max_output_tokens", message: `${who} reached the limit of tokens before the answer was whole.` };
  if (status === "failed") return { code: "upstream_error", message: `${who} failed and gave no cause.` };
  return { code: said, message: `${who} ended the answer before it was whole: ${said}.` };
}
