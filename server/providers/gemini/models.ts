import type { GoogleGenAI, Model } from "@google/genai";
import type { ModelInfo } from "../../../schema/core/model-info.ts";
import { withAttempts } from "../attempts.ts";
import type { ProviderContext } from "../provider-context.ts";
import { upstreamFailure } from "../upstream-error.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";

/** How long a list counts, and how long a failure to get one. */
const FRESH = 600_000;
const FRESH_FAILURE = 5_000;
/** A list is short and made in advance: a server that takes longer is not there. */
const LIST_TIMEOUT = 10_000;
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

/** Whether a name is Google's, listed or not: new ones come faster than anybody asks for the list. */
export function answersFor(name: string, kind: ModelInfo["kind"]): boolean {
  return (kind === "agent" ? agentName : modelName).test(name);
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
    const listed = models.map((id): ModelInfo => ({ id, kind: agentName.test(id) ? "agent" : "model", provider }));
    return async () => listed;
  }
  if (client === undefined) return async () => known;
  let list: Promise<ModelInfo[]> | undefined;
  let until = 0;

  async function ask(source: GoogleGenAI): Promise<ModelInfo[]> {
    try {
      const listed = await listModels(source, settings, context);
      const infos = [...listed.flatMap((model) => infoOf(model, provider)), ...known];
      return [...new Map(infos.map((info) => [`${info.kind} ${info.id}`, info])).values()];
    } catch (error) {
      until = context.now() + FRESH_FAILURE;
      throw upstreamFailure(provider, error);
    }
  }

  return () => {
    if (list === undefined || context.now() >= until) {
      until = context.now() + FRESH;
      list = ask(client);
    }
    return list;
  };
}

async function listModels(client: GoogleGenAI, settings: UpstreamSettings, context: ProviderContext): Promise<Model[]> {
  async function* attempt(abortSignal: AbortSignal): AsyncGenerator<Model[], void, void> {
    const pager = await client.models.list({ config: { pageSize: PAGE_SIZE, abortSignal } });
    const models: Model[] = [];
    for await (const model of pager) models.push(model);
    yield models;
  }
  const timeout = Math.min(LIST_TIMEOUT, settings.first_event_timeout);
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
