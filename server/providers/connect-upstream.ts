import type { ModelInfo } from "../../schema/core/model-info.ts";
import type { Provider, Upstream } from "../../schema/provider.ts";
import { hidingKeys } from "./hiding-keys.ts";
import type { ProviderContext } from "./provider-context.ts";
import type { UpstreamKind, UpstreamSettings } from "./upstream-settings.ts";

type Kind = {
  create(settings: UpstreamSettings, context: ProviderContext): Provider;
  /** What a name of its vendor's stands for, listed or not; where it is absent, only the list tells. */
  kindOf?(name: string): ModelInfo["kind"] | undefined;
};

/** Every kind of upstream. Loaded when the first of a kind is set up: the vendors' clients are large. */
const kinds = {
  "openai-chat": async () => ({
    create: (await import("./openai-chat/provider.ts")).createOpenaiChatProvider,
  }),
  "openai-responses": async () => ({
    create: (await import("./openai-responses/provider.ts")).createOpenaiResponsesProvider,
  }),
  gemini: async () => ({
    create: (await import("./gemini/provider.ts")).createGeminiProvider,
    kindOf: (await import("./gemini/models.ts")).kindOf,
  }),
} as const satisfies Record<UpstreamKind, () => Promise<Kind>>;

/** An upstream as it is set up, ready to be asked. Nothing is sent to it before somebody asks. */
export async function connectUpstream(settings: UpstreamSettings, context: ProviderContext): Promise<Upstream> {
  const { create, kindOf }: Kind = await kinds[settings.kind]();
  const provider = hidingKeys(settings, context, create);
  // Where the configuration says what it offers, that is all.
  const isOpen = settings.models.length === 0;
  return {
    provider,
    answersFor: (name, kind) => (isOpen && kindOf?.(name) === kind) || offers(provider, name, kind),
    ...(kindOf && { kindOf }),
  };
}

/** Whether an upstream lists a name. One that cannot be asked just now offers nothing. */
async function offers(provider: Provider, name: string, kind: ModelInfo["kind"]): Promise<boolean> {
  try {
    return (await provider.models()).some((info) => info.id === name && info.kind === kind);
  } catch {
    return false;
  }
}
