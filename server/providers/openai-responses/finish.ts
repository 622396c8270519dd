import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { Failure } from "../../../schema/core/interaction.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { Usage } from "../../../schema/core/usage.ts";
import { numberIn, objectIn, textIn } from "../json-members.ts";
import { upstreamHttpError } from "../upstream-error.ts";
import { UpstreamTrouble } from "../upstream-trouble.ts";

/** What the steps of an answer say about its end. */
export type Outcome = {
  usage: Usage | undefined;
  /** Whether a function waits for the client. */
  isPending: boolean;
  /** Whether the model said that it would not answer. */
  isRefused: boolean;
  /** The most tokens that were asked for. */
  limit: number | undefined;
};

type Finish = Extract<ProviderEvent, { type: "finish" }>;

/** The end of an answer that the upstream calls completed or incomplete. */
export function finishOf(response: JsonObject, outcome: Outcome): Finish {
  const failure = failureOf(response, outcome);
  const usage = outcome.usage === undefined ? {} : { usage: outcome.usage };
  if (failure !== undefined) return { type: "finish", status: "incomplete", ...usage, errors: [failure] };
  return { type: "finish", status: outcome.isPending ? "requires_action" : "completed", ...usage };
}

/** Why the upstream gave up: what it says in an `error` event or in a response that failed. */
export function failureIn(upstream: string, wire: JsonObject): HubError {
  const { type: _event, ...bare } = wire;
  const error = objectIn(wire, "error") ?? objectIn(objectIn(wire, "response") ?? {}, "error") ?? bare;
  return upstreamHttpError(upstream, 200, new Headers(), JSON.stringify({ error }));
}

/** What is thrown when an answer just stops. Before it has begun, another attempt may fare better. */
export function brokenOff(upstream: string, hasBegun: boolean): HubError {
  return new HubError("upstream_error", `The upstream '${upstream}' broke off before it had finished.`, {
    cause: new UpstreamTrouble("the stream ended without an end of the answer", !hasBegun),
  });
}

function failureOf(response: JsonObject, { isRefused, limit, usage }: Outcome): Failure | undefined {
  const reason = textIn(objectIn(response, "incomplete_details") ?? {}, "reason");
  if (reason === "max_output_tokens" || (reason === undefined && isSilentlyCut(response, limit, usage)))
    return {
      code: "max_output_tokens",
      message: "The answer was cut because it reached the limit of its tokens.",
    };
  if (reason === "content_filter")
    return { code: "content_filter", message: "The answer was cut by the upstream's content filter." };
  if (reason !== undefined || response.status === "incomplete")
    return {
      code: reason ?? "incomplete",
      message: `The upstream stopped early${reason === undefined ? "" : `: ${reason}`}.`,
    };
  return isRefused ? { code: "refusal", message: "The model refused to answer." } : undefined;
}

/**
 * llama.cpp calls an answer completed that its limit has cut. A server that has a place for the reason and leaves it empty
 * is believed.
 */
function isSilentlyCut(response: JsonObject, limit: number | undefined, usage: Usage | undefined): boolean {
  if (limit === undefined || "incomplete_details" in response) return false;
  const written = numberIn(objectIn(response, "usage") ?? {}, "output_tokens");
  return usage !== undefined && written !== undefined && written >= limit;
}
