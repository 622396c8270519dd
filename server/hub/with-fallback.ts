import type { Degradation } from "../../schema/core/degradation.ts";
import { HubError } from "../../schema/core/error.ts";
import type { Event, ProviderEvent } from "../../schema/core/event.ts";
import type { ModelCall, Provider } from "../../schema/provider.ts";
import { causeOf } from "./cause-of.ts";

/** One who may answer, with the call in its terms. `upstream_model` is set where its own name differs from the one asked for. */
export type Candidate = { provider: Provider; call: ModelCall; upstream_model?: string };

export type Candidates = readonly [Candidate, ...Candidate[]];

/** What a run hears: a provider's events, and that another one has taken over. */
export type RunEvent = ProviderEvent | Extract<Event, { type: "upstream" }>;

/** Asks one candidate. */
export type Perform = (candidate: Candidate, signal: AbortSignal) => AsyncIterable<ProviderEvent>;

/**
 * What the first candidate says that begins to answer. One that fails before its first step, or before it has told an id
 * of its own, is passed over, and the next is asked; that it was is told as a degradation. The last one's failure counts.
 */
export async function* withFallback(
  candidates: Candidates,
  perform: Perform,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void, void> {
  const passedOver: Degradation[] = [];
  for (const [place, candidate] of candidates.entries()) {
    const isLast = place === candidates.length - 1;
    const held: RunEvent[] = place === 0 ? [] : [takeover(candidate), { type: "degraded", degradations: passedOver }];
    let begun = false;
    try {
      for await (const event of perform(candidate, signal)) {
        if (begun) {
          yield event;
          continue;
        }
        const failure = !isLast && event.type === "finish" && event.status === "failed" ? causeOf(event) : undefined;
        if (failure !== undefined) throw failure;
        held.push(event);
        // What could not be said is told before anything is sent: it is no answer yet.
        if (event.type === "degraded") continue;
        begun = true;
        yield* held;
      }
      if (begun) return;
      throw brokeOff(candidate.provider.name);
    } catch (error) {
      if (begun || signal.aborted) throw error;
      if (isLast || isOfTheRequest(error)) {
        // Also of an answer that never began it is told whose failure counts, and who failed before.
        yield* held;
        throw error;
      }
      passedOver.push(passedOverFor(candidate, error));
    }
  }
}

/** A provider that ended without an end. */
export function brokeOff(upstream: string): HubError {
  return new HubError("upstream_error", `The upstream '${upstream}' broke off before it had finished.`);
}

/** A server of tools that the request itself names would fail the next upstream just the same. */
function isOfTheRequest(error: unknown): boolean {
  return error instanceof HubError && error.field?.startsWith("tools[") === true;
}

function takeover({ provider, upstream_model: model }: Candidate): RunEvent {
  return { type: "upstream", provider: provider.name, ...(model === undefined ? {} : { model }) };
}

function passedOverFor({ provider, call }: Candidate, error: unknown): Degradation {
  const reason = error instanceof HubError ? error.message : "an internal error.";
  const field = call.agent === undefined ? "model" : "agent";
  return { field, message: `The upstream '${provider.name}' did not answer, so the next one was asked: ${reason}` };
}
