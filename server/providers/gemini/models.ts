import type { GoogleGenAI, Model } from "@google/genai";
import type { ModelInfo } from "../../../schema/core/model-info.ts";
import { withAttempts } from "../attempts.ts";
import type { ProviderContext } from "../provider-context.ts";
import { rememberedList } from "../remembered-list.ts";
import { upstreamFailure } from "../upstream-error.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";

/** How long a list counts, in milliseconds. */
const FRESH = 600_000;
const PAGE_SIZE = 1000;

/** Google lists its models, but not its agents. */
const agents: readonly Pick<ModelInfo, "id" | "display_name">[] = [
  { id: "deep-research-preview-04-2026", display_name: "Deep Research Preview" },
  { id: "deep-research-max-preview-04-2026", display_name: "Deep Research Max Preview" },
  { id: "deep-research-pro-preview-12-2025", display_name: "Deep Research Pro Preview" },
  { id: "antigravity-preview-09-2026", display_name: "Antigravity Preview" },
  { id: "antigravity-preview-05-2026", display_name: "Antigravity Preview" },
];

const agentName = /^(?:deep-research|antigravity|code-mender)-[\w.-]+$/;
const modelName = /^(?:gemini|gemma|learnlm|lyria|veo|imagen)-[\w.-]+$/;

/** What a name of Google's stands for, listed or not: new ones come faster than anybody asks for the list. */
export function kindOf(name: string): ModelInfo["kind"] | undefined {
  if (agentName.test(name)) return "agent";
  return modelName.test(name) ? "model" : undefined;
}

/**
 * What an upstream offers: what the configuration names, else what Google lists for the hub's key, asked again after a while,
 * and the agents that are known. Without a key of its own nothing can be asked. Throws a `HubError`.
 */
export function createModelList(
  client: GoogleGenAI | undefined,
  settings: UpstreamSettings,
  context: ProviderContext,
): () => Promise<ModelInfo[]> {
  const { name: provider, models } = settings;
  const known = agents.map((agent): ModelInfo => ({ ...agent, kind: "agent", provider }));
  if (models.length > 0) {
    const listed = models.map((id): ModelInfo => ({ id, kind: kindOf(id) ?? "model", provider }));
    return async () => listed;
  }
  if (client === undefined) return async () => known;
  return rememberedList({
    fresh: FRESH,
    context,
    async ask(patience) {
      try {
        const listed = await listModels(client, settings, context, patience);
        return [...listed.flatMap((model) => infoOf(model, provider)), ...known];
      } catch (error) {
        throw upstreamFailure(provider, error);
      }
    },
  });
}

async function listModels(
  client: GoogleGenAI,
  settings: UpstreamSettings,
  context: ProviderContext,
  patience: number,
): Promise<Model[]> {
  async function* attempt(abortSignal: AbortSignal): AsyncGenerator<Model[], void, void> {
    const pager = await client.models.list({ config: { pageSize: PAGE_SIZE, abortSignal } });
    const models: Model[] = [];
    for await (const model of pager) models.push(model);
    yield models;
  }
  const timeout = Math.min(patience, settings.first_event_timeout);
  const limits = { retries: 0, first_event_timeout: timeout, idle_timeout: timeout };
  const { signal } = new AbortController();
  for await (const models of withAttempts({ upstream: settings.name, ...limits, signal, context, attempt }))
    return models;
  return [];
}

function infoOf(model: Model, provider: string): ModelInfo[] {
  const id = model.name?.replace(/^models\//, "") ?? "";
  const { supportedActions: actions } = model;
  const answers = actions === undefined || actions.some((action) => /^generateContent$|interaction/i.test(action));
  if (id === "" || !answers) return [];
  const info: ModelInfo = { id, kind: "model", provider };
  if (model.displayName) info.display_name = model.displayName;
  if (model.description) info.description = model.description;
  if (model.version) info.version = model.version;
  if (isLimit(model.inputTokenLimit)) info.input_token_limit = model.inputTokenLimit;
  if (isLimit(model.outputTokenLimit)) info.output_token_limit = model.outputTokenLimit;
  return [info];
}

function isLimit(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
