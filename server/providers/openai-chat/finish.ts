import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { Failure } from "../../../schema/core/interaction.ts";
import type { Usage } from "../../../schema/core/usage.ts";

/** What an answer says about its end. */
export type Outcome = {
  /** The `finish_reason`, if there was one. */
  reason: string | undefined;
  /** Whether a function waits for the client. */
  isPending: boolean;
  /** Whether the model said that it would not answer. */
  isRefused: boolean;
  usage: Usage | undefined;
};

/** Reasons by which an answer was cut because it reached the limit of its tokens; `model_length` is Mistral's. */
const limits: ReadonlySet<string> = new Set(["length", "max_tokens", "model_length"]);

/** Reasons by which an answer was cut because of what it says. */
const filters: ReadonlySet<string> = new Set(["content_filter", "safety"]);

/** Whether an answer was cut by the limit of its tokens. */
export function isLimit(reason: string | undefined): boolean {
  return limits.has(reason ?? "");
}

/**
 * The end of an answer. One that was cut, filtered or refused is incomplete; of one that is not, calls decide, for many
 * servers say `stop` after calls too. Throws a `HubError` where the reason is that the upstream failed.
 */
export function finishOf(upstream: string, outcome: Outcome): Extract<ProviderEvent, { type: "finish" }> {
  const usage = outcome.usage === undefined ? {} : { usage: outcome.usage };
  const failure = failureOf(upstream, outcome);
  if (failure !== undefined) return { type: "finish", status: "incomplete", ...usage, errors: [failure] };
  return { type: "finish", status: outcome.isPending ? "requires_action" : "completed", ...usage };
}

function failureOf(upstream: string, { reason = "stop", isRefused }: Outcome): Failure | undefined {
  if (limits.has(reason))
    return { code: "max_output_tokens", message: "The answer was cut because it reached the limit of its tokens." };
  if (filters.has(reason))
    return { code: "content_filter", message: "The answer was cut by the upstream's content filter." };
  // DeepSeek's word for being out of machines.
  if (reason === "insufficient_system_resource")
    throw new HubError("unavailable", `The upstream '${upstream}' ran out of resources in the middle of its answer.`);
  if (reason === "error" || reason === "abort" || reason === "cancelled")
    throw new HubError("upstream_error", `The upstream '${upstream}' ended its answer with '${reason}'.`);
  return isRefused ? { code: "refusal", message: "The model refused to answer." } : undefined;
}

/** What is thrown when an answer just stops. */
export function brokenOff(upstream: string): HubError {
  return new HubError("upstream_error", `The upstream '${upstream}' broke off before it had finished.`);
}
