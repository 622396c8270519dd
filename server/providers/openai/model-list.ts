import type { OpenAI } from "openai";
import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { ModelInfo } from "../../../schema/core/model-info.ts";
import { boundedText } from "../bounded-text.ts";
import type { ProviderContext } from "../provider-context.ts";
import { rememberedList } from "../remembered-list.ts";
import { upstreamFailure } from "../upstream-error.ts";
import type { UpstreamSettings } from "../upstream-settings.ts";
import { isOpenai } from "./client.ts";

/** How long a list counts, in milliseconds. */
const FRESH = 60_000;

/** The longest lists that there are have a few hundred models, of a few kilobytes each. Bytes, models, and characters. */
const LARGEST_LIST = 16 * 2 ** 20;
const MOST_MODELS = 10_000;
const LONGEST_NAME = 256;

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
  return rememberedList({
    fresh: FRESH,
    context,
    async ask(patience) {
      try {
        const timeout = Math.min(patience, settings.first_event_timeout);
        const items = itemsOf(await read(client, AbortSignal.timeout(timeout), name));
        if (items.length > MOST_MODELS) throw tooLong(name, `${MOST_MODELS} models`);
        return items.flatMap((item) => infoOf(item, settings));
      } catch (error) {
        throw upstreamFailure(name, error);
      }
    },
  });
}

/** The client itself would read whatever comes, however much that is. */
async function read(client: OpenAI, late: AbortSignal, upstream: string): Promise<unknown> {
  try {
    const response = await client.get("/models", { signal: late }).asResponse();
    const text = await boundedText(response, LARGEST_LIST);
    if (text === undefined) throw tooLong(upstream, `${LARGEST_LIST} bytes of models`);
    return JSON.parse(text);
  } catch (error) {
    throw late.aborted ? late.reason : error;
  }
}

function tooLong(upstream: string, what: string): HubError {
  return new HubError("upstream_error", `The upstream '${upstream}' lists more than ${what}.`);
}

/** Most servers give an object with `data`, which Ollama leaves null when it has none; a few give a bare list. */
function itemsOf(body: unknown): JsonObject[] {
  const list = isJsonObject(body) ? body.data : body;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function infoOf(item: JsonObject, settings: UpstreamSettings): ModelInfo[] {
  const { id, name, description } = item;
  if (typeof id !== "string" || id === "" || id.length > LONGEST_NAME || !talks(id, settings)) return [];
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
