import type { Degradation } from "../../../schema/core/degradation.ts";
import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { withAttempts } from "../attempts.ts";
import { withMediaInline } from "../inline-media.ts";
import type { ProviderContext } from "../provider-context.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { mayPass } from "../upstream-trouble.ts";
import type { Google } from "./google.ts";
import { readStream } from "./read-stream.ts";
import { mayHaveForgotten, tellsFailure } from "./refused.ts";
import { type GeminiRequest, toRequest } from "./request.ts";
import { AnswerReader } from "./response.ts";
import { resume } from "./resume.ts";
import { tellToStop } from "./tell-to-stop.ts";

export type InteractionOptions = { google: Google; settings: UpstreamSettings; context: ProviderContext };

/**
 * Runs a call as an interaction of Google's, always as a stream. Where Google has forgotten what came before, it hears all
 * of it; where the stream breaks off, what Google keeps is gone on with.
 */
export async function* runInteraction(
  call: ModelCall,
  signal: AbortSignal,
  options: InteractionOptions,
): AsyncGenerator<ProviderEvent, void, void> {
  const { settings, context } = options;
  const inlined = await withMediaInline(call, {
    needs: () => settings.inline_media,
    fetchMedia: context.fetchMedia,
    signal,
  });
  const run = new InteractionRun(inlined.call, signal, options);
  try {
    if (call.anchor !== undefined) {
      const isForgotten = yield* run.goOn(inlined.degradations);
      if (!isForgotten) return;
      inlined.degradations.push({
        field: "previous_interaction_id",
        message: `The upstream '${settings.name}' does not go on from the interaction before, so it was told the whole chain again.`,
      });
    }
    yield* run.ask(false, inlined.degradations);
  } finally {
    if (signal.aborted) await run.stop();
  }
}

class InteractionRun {
  readonly #call: ModelCall;
  readonly #signal: AbortSignal;
  readonly #options: InteractionOptions;
  #reader: AnswerReader | undefined;

  constructor(call: ModelCall, signal: AbortSignal, options: InteractionOptions) {
    this.#call = call;
    this.#signal = signal;
    this.#options = options;
  }

  /** Asks Google to go on from what it keeps; whether it has forgotten that. */
  async *goOn(degradations: readonly Degradation[]): AsyncGenerator<ProviderEvent, boolean, void> {
    try {
      yield* this.ask(true, degradations);
      return false;
    } catch (error) {
      if (this.#signal.aborted || this.#reader?.begun === true || !mayHaveForgotten(error)) throw error;
      return true;
    }
  }

  async *ask(isAnchored: boolean, before: readonly Degradation[]): AsyncGenerator<ProviderEvent, void, void> {
    const { settings, context } = this.#options;
    const { name, retries, first_event_timeout, idle_timeout } = settings;
    const request = toRequest(this.#call, name, { isAnchored });
    const degradations = [...before, ...request.degradations];
    const attempt = (signal: AbortSignal) => this.#open(request, signal);
    const batches = withAttempts({
      ...{ upstream: name, retries, first_event_timeout, idle_timeout },
      ...{ signal: this.#signal, context, attempt },
    });
    let untold: ProviderEvent[] = degradations.length === 0 ? [] : [{ type: "degraded", degradations }];
    try {
      for await (const said of batches) {
        for (const event of untold.concat(said)) yield event;
        untold = [];
      }
    } catch (cause) {
      yield* this.#resume(cause);
    }
  }

  /** Tells Google that nobody wants the answer any more. */
  async stop(): Promise<void> {
    const reader = this.#reader;
    if (this.#call.background !== true || reader === undefined || reader.id === "" || reader.finished) return;
    await tellToStop(reader.id, this.#options);
  }

  #open(request: GeminiRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent[], void, void> {
    const { google, settings } = this.#options;
    // What runs in the background goes on without us, so its id must be known before anything else.
    const isEager = this.#call.background === true;
    const reader = new AnswerReader({ upstream: settings.name, inputs: [request.input], isEager });
    this.#reader = reader;
    return readStream(google.create(request.body, signal), reader, settings.name);
  }

  async *#resume(cause: unknown): AsyncGenerator<ProviderEvent, void, void> {
    const reader = this.#reader;
    const isBackground = this.#call.background === true;
    const mayResume = !this.#signal.aborted && cause instanceof HubError && mayPass(cause);
    if (!mayResume || reader === undefined || reader.id === "" || reader.finished) throw cause;
    // A foreground run of which nothing was heard is lost, and may be asked for anew; one that has failed is over.
    if (!isBackground && (!reader.begun || tellsFailure(cause))) throw cause;
    yield* resume({ ...this.#options, reader, isBackground, cause, signal: this.#signal });
  }
}
