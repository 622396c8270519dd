import type { Degradation } from "../../../schema/core/degradation.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { ModelCall, Provider } from "../../../schema/provider.ts";
import { withAttempts } from "../attempts.ts";
import { withMediaInline } from "../inline-media.ts";
import { createOpenaiClient } from "../openai/client.ts";
import { createModelList } from "../openai/model-list.ts";
import type { ProviderContext } from "../provider-context.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { answerTo } from "./answer.ts";
import type { Omission } from "./concession.ts";
import { refuse } from "./refuse.ts";
import { toRequest } from "./request.ts";
import { ResponseReader } from "./response.ts";

/** So many models are remembered; clients may make up names for servers that take any. */
const MOST_MODELS = 500;

/** A provider for OpenAI and every other server with `POST /v1/responses`. */
export function createOpenaiResponsesProvider(settings: UpstreamSettings, context: ProviderContext): Provider {
  const { name } = settings;
  const client = createOpenaiClient(settings, context);
  /** What each model has refused before: it is not asked for that again. */
  const known = new Map<string, readonly Omission[]>();

  function learn(model: string, omitted: readonly Omission[]): void {
    if (known.size >= MOST_MODELS) known.clear();
    known.set(model, omitted);
  }

  async function* run(asked: ModelCall, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, void> {
    if (signal.aborted) return;
    const { call, degradations: unfetched } = await prepared(asked, signal);
    const { body, degradations, names, hosted } = toRequest(call, name);
    yield* degraded([...unfetched, ...degradations]);
    const { model = "" } = call;
    const tellsThoughts = call.settings.generation_config?.thinking_summaries !== "none";
    const batches = withAttempts({
      upstream: name,
      retries: settings.retries,
      first_event_timeout: settings.first_event_timeout,
      idle_timeout: settings.idle_timeout,
      signal,
      context,
      attempt: (attemptSignal) => {
        const limit = body.max_output_tokens ?? undefined;
        const reader = new ResponseReader({ upstream: name, names, hosted, limit, tellsThoughts });
        return answerTo({
          client,
          body,
          omitted: known.get(model) ?? [],
          learn: (omitted) => learn(model, omitted),
          reader,
          upstream: name,
          context,
          signal: attemptSignal,
        });
      },
    });
    for await (const batch of batches) {
      for (const event of batch) {
        if (signal.aborted) return;
        yield event;
      }
    }
  }

  async function prepared(call: ModelCall, signal: AbortSignal): ReturnType<typeof withMediaInline> {
    if (!settings.inline_media) return { call, degradations: [] };
    const { fetchMedia } = context;
    const needs = ({ type }: { type: string }): boolean => type === "image" || type === "document";
    return withMediaInline(call, { needs, fetchMedia, signal });
  }

  return {
    name,
    models: createModelList(client, settings, context),
    refuse: (call) => refuse(call, name),
    run,
  };
}

function degraded(degradations: Degradation[]): ProviderEvent[] {
  return degradations.length === 0 ? [] : [{ type: "degraded", degradations }];
}
