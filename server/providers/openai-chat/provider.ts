import { APIError } from "openai";
import type { Degradation } from "../../../schema/core/degradation.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { ModelCall, Provider } from "../../../schema/provider.ts";
import { withAttempts } from "../attempts.ts";
import { withMediaInline } from "../inline-media.ts";
import { createOpenaiClient, type OpenaiClient } from "../openai/client.ts";
import { createModelList } from "../openai/model-list.ts";
import type { ProviderContext } from "../provider-context.ts";
import { upstreamFailure } from "../upstream-error.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { ConcessionMemory, concede, concessionsAfter } from "./concessions.ts";
import { readAnswer } from "./read-answer.ts";
import { refuse } from "./refuse.ts";
import { buildRequest, type ChatRequest } from "./request.ts";
import { ChatTranslator } from "./response.ts";
import type { RequestBody } from "./wire.ts";

/** Any server that speaks OpenAI's chat completions, as a provider. */
export function createOpenaiChatProvider(settings: UpstreamSettings, context: ProviderContext): Provider {
  const { name: upstream, retries, first_event_timeout, idle_timeout } = settings;
  const client = createOpenaiClient(settings, context);
  const memory = new ConcessionMemory();

  async function* run(call: ModelCall, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, void> {
    if (signal.aborted) throw upstreamFailure(upstream, signal.reason);
    const whole = await withMediaInline(call, {
      needs: ({ type }) => type !== "video" && (type !== "image" || settings.inline_media),
      fetchMedia: context.fetchMedia,
      signal,
    });
    const request = buildRequest(whole.call, settings);
    const degradations = [...whole.degradations, ...request.degradations];
    if (degradations.length > 0) yield { type: "degraded", degradations };
    const attempt = (current: AbortSignal) => answerTo(request, call, current);
    const times = { first_event_timeout, idle_timeout };
    for await (const events of withAttempts({ upstream, retries, ...times, signal, context, attempt }))
      for (const event of events) yield event;
  }

  /** The events of one attempt, all at once that arrived together. */
  async function* answerTo(
    { body, names }: ChatRequest,
    call: ModelCall,
    signal: AbortSignal,
  ): AsyncGenerator<ProviderEvent[], void, void> {
    const translator = new ChatTranslator({
      upstream,
      names,
      ...callsIn(call),
      showsThoughts: call.settings.generation_config?.thinking_summaries !== "none",
    });
    const { response, lost } = await ask(client, body, memory, signal);
    let told: ProviderEvent[] = lost.length === 0 ? [] : [{ type: "degraded", degradations: lost }];
    for await (const events of readAnswer(response, translator, { upstream, context })) {
      yield told.length === 0 ? events : [...told, ...events];
      told = [];
    }
  }

  return {
    name: upstream,
    models: createModelList(client, settings, context),
    refuse: (call) => refuse(call, settings),
    run,
  };
}

/** Sends a request, and again without what the server complains about. */
async function ask(
  client: OpenaiClient,
  body: RequestBody,
  memory: ConcessionMemory,
  signal: AbortSignal,
): Promise<{ response: Response; lost: Degradation[] }> {
  for (let granted = memory.of(body.model); ; ) {
    const conceded = concede(body, granted);
    try {
      const response = await client.send("/chat/completions", conceded.body, signal);
      memory.remember(body.model, granted);
      return { response, lost: conceded.lost };
    } catch (error) {
      const further = concessionsAfter(complaintIn(error), conceded.body, granted);
      if (further === undefined) throw error;
      granted = further;
    }
  }
}

/** What a server says about a request that it does not take. */
function complaintIn(error: unknown): string {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return "";
  return `${error.message} ${JSON.stringify(error.error ?? "")}`;
}

/** The ids that the calls of a chain have, and how many calls there are. */
function callsIn({ history, input }: ModelCall): { taken: Set<string>; callCount: number } {
  const ids = [...history, ...input].flatMap((step) => (step.type === "tool_call" ? [step.call_id] : []));
  return { taken: new Set(ids), callCount: ids.length };
}
