import type { JsonObject } from "../core/json.ts";
import type { ModelInfo } from "../core/model-info.ts";

/** What can be asked of every model and agent here; `generateContent` and the like are not served. */
const methods = ["createInteraction"];

/**
 * A model in the form of Gemini's model list, which is camelCase on the same host. What the upstream does not tell stays
 * absent. An agent stands beside the models under `agents/`.
 */
export function encodeModel(info: ModelInfo): JsonObject {
  const encoded: JsonObject = { name: `${info.kind}s/${info.id}`, baseModelId: info.id };
  if (info.version !== undefined) encoded.version = info.version;
  encoded.displayName = info.display_name ?? info.id;
  if (info.description !== undefined) encoded.description = info.description;
  if (info.input_token_limit !== undefined) encoded.inputTokenLimit = info.input_token_limit;
  if (info.output_token_limit !== undefined) encoded.outputTokenLimit = info.output_token_limit;
  encoded.supportedGenerationMethods = [...methods];
  if (info.thinking !== undefined) encoded.thinking = info.thinking;
  return encoded;
}

/**
 * A model in the form of Vertex's list, which official clients read in Vertex mode: under its publisher's name, whoever
 * serves it, because that is the path by which they ask for it.
 */
export function encodePublisherModel(info: ModelInfo): JsonObject {
  const encoded: JsonObject = { name: `publishers/google/models/${info.id}` };
  if (info.version !== undefined) encoded.versionId = info.version;
  encoded.displayName = info.display_name ?? info.id;
  if (info.description !== undefined) encoded.description = info.description;
  return encoded;
}
