import type { GoogleGenAI } from "@google/genai";
import { HubError } from "../../../schema/core/error.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { ModelCall, Provider } from "../../../schema/provider.ts";
import { createGenerateContentRunner } from "../generate-content/runner.ts";
import { callerKeyOf } from "../google/caller-key.ts";
import { createGeminiClient } from "../google/client.ts";
import type { ProviderContext } from "../provider-context.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { askGoogle } from "./google.ts";
import { runInteraction } from "./interaction.ts";
import { createModelList } from "./models.ts";
import { refuseCall } from "./refuse.ts";
import { isServedElsewhere } from "./refused.ts";
import { takeUpInteraction } from "./take-up.ts";

/** Models of before the Interactions API, and open ones, which Google serves by `generateContent` alone. */
const servedElsewhere = /^(?:gemini-(?:1\.|2\.0-)|gemma-|learnlm-)/;

/** How many models may be remembered that turned out not to be served by the Interactions API. */
const MOST_REMEMBERED = 1000;

/** Google itself, by its Interactions API, and by `generateContent` for the models that speak nothing else. */
export function createGeminiProvider(settings: UpstreamSettings, context: ProviderContext): Provider {
  const { name, protocol = "auto" } = settings;
  // Google itself answers nobody without a key; whatever else stands at an address of its own may need none.
  const isOpen = settings.key !== undefined || settings.base_url !== undefined;
  const own = isOpen ? createGeminiClient(settings, context, settings.key) : undefined;
  const runner = createGenerateContentRunner(settings, context);
  /** Models that Google said its Interactions API does not serve. */
  const refused = new Set<string>();

  function isByGenerateContent({ model }: Omit<ModelCall, "history">): boolean {
    if (protocol !== "auto" || model === undefined) return protocol === "generate-content";
    return servedElsewhere.test(model.replace(/^models\//, "")) || refused.has(model);
  }

  function clientFor(call: ModelCall): GoogleGenAI {
    if (settings.caller_key) return createGeminiClient(settings, context, callerKeyOf(call, name));
    if (own !== undefined) return own;
    throw new HubError("upstream_error", `The upstream '${name}' has no key: the hub's configuration must name one.`);
  }

  async function* interact(call: ModelCall, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, void> {
    const google = askGoogle(clientFor(call), name, { callerKey: settings.caller_key });
    let begun = false;
    try {
      for await (const event of runInteraction(call, signal, { google, settings, context })) {
        begun = true;
        yield event;
      }
    } catch (error) {
      const { model } = call;
      if (begun || protocol !== "auto" || model === undefined || !isServedElsewhere(error)) throw error;
      if (refused.size < MOST_REMEMBERED) refused.add(model);
      const refusal = runner.refuse(call);
      if (refusal !== undefined) throw new HubError("invalid_request", refusal.message, { field: refusal.field });
      yield* runner.run(call, signal);
    }
  }

  async function* takeUp(call: ModelCall, id: string, signal: AbortSignal): AsyncGenerator<ProviderEvent, void, void> {
    if (settings.caller_key)
      throw new HubError("upstream_error", `The upstream '${name}' needs the key of whoever asked, which is not kept.`);
    const google = askGoogle(clientFor(call), name, { callerKey: false });
    yield* takeUpInteraction(call, id, signal, { google, settings, context });
  }

  return {
    name,
    takesUnknown: protocol !== "generate-content",
    models: createModelList(settings.caller_key && settings.key === undefined ? undefined : own, settings, context),
    refuse: (call) => (isByGenerateContent(call) ? runner.refuse(call) : refuseCall(call, name)),
    reachesMcpServers: ({ agent }) => agent !== undefined,
    resume: takeUp,
    run: (call, signal) => (isByGenerateContent(call) ? runner.run(call, signal) : interact(call, signal)),
  };
}
