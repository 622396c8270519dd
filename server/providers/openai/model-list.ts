import type { OpenAI } from "openai";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { ModelInfo } from "../../../schema/core/model-info.ts";
import type { ProviderContext } from "../provider-context.ts";
import { upstreamFailure } from "../upstream-error.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { isOpenai } from "./client.ts";

/** How long a list counts, and how long a failure to get one. */
const FRESH = 60_000;
const FRESH_FAILURE = 5_000;

/** A list is short and made in advance: a server that takes longer is not there. */
const LIST_TIMEOUT = 10_000;

/**
 * What an upstream offers: the models that the configuration names, else what `GET /models` lists, asked again after a
 * while. Throws a `HubError` where the list cannot be had.
 */
export function createModelList(
  client: OpenAI,
  settings: UpstreamSettings,
  context: Pick<ProviderContext, "now">,
): () => Promise<ModelInfo[]> {
  const { name, models } = settings;
  if (models.length > 0) {
    const listed = models.map((id): ModelInfo => ({ id, kind: "model", provider: name }));
    return async () => listed;
  }
  let known: Promise<ModelInfo[]> | undefined;
  let until = 0;

  async function ask(): Promise<ModelInfo[]> {
    try {
      const timeout = Math.min(LIST_TIMEOUT, settings.first_event_timeout);
      const items = itemsOf(await client.get<unknown>("/models", { timeout }));
      const infos = items.flatMap((item) => infoOf(item, settings));
      return [...new Map(infos.map((info) => [info.id, info])).values()];
    } catch (error) {
      until = context.now() + FRESH_FAILURE;
      throw upstreamFailure(name, error);
    }
  }

  return () => {
    if (known === undefined || context.now() >= until) {
      until = context.now() + FRESH;
      known = ask();
    }
    return known;
  };
}

/** Most servers give an object with `data`, which Ollama leaves null when it has none; a few give a bare list. */
function itemsOf(body: unknown): JsonObject[] {
  const list = isJsonObject(body) ? body.data : body;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function infoOf(item: JsonObject, settings: UpstreamSettings): ModelInfo[] {
  const { id, name, description } = item;
  if (typeof id !== "string" || id === "" || !talks(id, settings)) return [];
  const info: ModelInfo = { id, kind: "model", provider: settings.name };
  if (typeof name === "string" && name !== id) info.display_name = name;
  if (typeof description === "string" && description !== "") info.description = description;
  const limit = contextLength(item);
  if (limit !== undefined) info.input_token_limit = limit;
  return [info];
}

/** OpenAI lists everything that it serves, also what makes no conversation. */
const silent =
  /embedding|whisper|(?:^|-)tts|dall-e|moderation|image|sora|realtime|transcribe|translate|davinci|babbage/;

function talks(id: string, settings: UpstreamSettings): boolean {
  return !id.startsWith("text-embedding-") && !(isOpenai(settings) && silent.test(id));
}

/** The context in tokens, by the names of vLLM, OpenRouter and Together, Groq, Mistral, and llama.cpp. */
function contextLength({ max_model_len, context_length, context_window, max_context_length, meta }: JsonObject) {
  const loaded = isJsonObject(meta) ? meta.n_ctx : undefined;
  return [max_model_len, context_length, context_window, max_context_length, loaded].find(
    (value): value is number => Number.isSafeInteger(value) && Number(value) > 0,
  );
}
