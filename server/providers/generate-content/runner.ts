import type { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { ModelCall, Refusal } from "../../../schema/provider.ts";
import type { ServerEvent } from "../../read-event-stream.ts";
import { withAttempts } from "../attempts.ts";
import { callerKeyOf } from "../google/caller-key.ts";
import { withMediaInline } from "../inline-media.ts";
import type { ProviderContext } from "../provider-context.ts";
import { upstreamFailure } from "../upstream-error.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { type Asked, createAskGemini } from "./client.ts";
import { readChunk } from "./read-chunk.ts";
import { refuseCall } from "./refuse.ts";
import { toRequest } from "./request.ts";
import { AnswerReader } from "./response.ts";

/** Runs calls of models that only speak `generateContent`, for a provider that has others too. */
export type GenerateContentRunner = {
  /** Judges a call before anything is sent, as `Provider.refuse` does. */
  refuse(call: Omit<ModelCall, "history">): Refusal | undefined;
  /** Runs a call, as `Provider.run` does. */
  run(call: ModelCall, signal: AbortSignal): AsyncIterable<ProviderEvent>;
};

/** How often an answer may stop to be asked on: Google ends it at a limit of tokens per request, long before this. */
const MOST_CONTINUATIONS = 64;

export function createGenerateContentRunner(
  settings: UpstreamSettings,
  context: ProviderContext,
): GenerateContentRunner {
  const { name } = settings;
  const askGemini = createAskGemini(settings, context);

  async function* answer(call: ModelCall, attempt: AbortSignal): AsyncGenerator<ProviderEvent[], void, void> {
    const inlined = await withMediaInline(call, {
      needs: () => settings.inline_media,
      fetchMedia: context.fetchMedia,
      signal: attempt,
    });
    const { request, degradations: changed } = toRequest(inlined.call, name);
    const degradations = [...inlined.degradations, ...changed];
    const reader = new AnswerReader(name, [...call.history, ...call.input]);
    let untold: ProviderEvent[] = degradations.length === 0 ? [] : [{ type: "degraded", degradations }];
    let asked: Asked = { request, key: settings.caller_key ? callerKeyOf(call, name) : settings.key, signal: attempt };
    for (let count = 0; ; count += 1) {
      for await (const records of askGemini(asked)) {
        const { events, failure } = readAll(reader, records);
        // What came before a failure was said, also where both arrived together.
        if (failure !== undefined && events.length === 0) throw failure;
        yield [...untold, ...events];
        untold = [];
        if (failure !== undefined) throw failure;
      }
      const continuationToken = reader.continuation();
      if (continuationToken === undefined || count === MOST_CONTINUATIONS) break;
      asked = { ...asked, continuationToken };
    }
    yield [...untold, ...reader.end()];
  }

  function readAll(
    reader: AnswerReader,
    records: readonly ServerEvent[],
  ): { events: ProviderEvent[]; failure?: HubError } {
    const events: ProviderEvent[] = [];
    try {
      for (const { data } of records) events.push(...reader.read(readChunk(data, name)));
      return { events };
    } catch (error) {
      return { events, failure: upstreamFailure(name, error) };
    }
  }

  return {
    refuse: (call) => refuseCall(call, name),
    async *run(call, signal) {
      const batches = withAttempts({
        upstream: name,
        retries: settings.retries,
        first_event_timeout: settings.first_event_timeout,
        idle_timeout: settings.idle_timeout,
        signal,
        context,
        attempt: (attempt) => answer(call, attempt),
      });
      for await (const events of batches) yield* events;
    },
  };
}
