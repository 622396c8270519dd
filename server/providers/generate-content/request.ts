import type { Degradation } from "../../../schema/core/degradation.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { ModelCall } from "../../../schema/provider.ts";
import { traitsOf } from "../google/model-traits.ts";
import { tellUnknownMembers } from "../unknown-members.ts";
import { toContents } from "./contents.ts";
import { toFormat, toGeneration } from "./generation.ts";
import type { PartContext } from "./media-part.ts";
import { toTools } from "./tools.ts";
import type { WireConfig, WireRequest } from "./wire.ts";

/** A call in the words of `generateContent`, and what could not be said in them. Pure. */
export function toRequest(call: ModelCall, upstream: string): { request: WireRequest; degradations: Degradation[] } {
  const { settings, model = "" } = call;
  const degradations: Degradation[] = [];
  const context: PartContext = { upstream, traits: traitsOf(model), degradations };
  const contents = toContents(call, context);
  tellUnknownMembers(call.input, upstream, degradations);
  const generation = settings.generation_config ?? {};
  const isSpeech = generation.speech_config !== undefined || context.traits.onlySpeaks;
  const config: WireConfig = {
    ...toGeneration(generation, context.traits),
    ...toFormat(settings.response_format, isSpeech, upstream, degradations),
    ...toTools(settings, contents, context),
  };
  if (settings.system_instruction !== undefined) config.systemInstruction = settings.system_instruction;
  if (settings.safety_settings !== undefined) config.safetySettings = settings.safety_settings.map(safetyOf);
  if (settings.labels !== undefined) config.labels = settings.labels;
  if (settings.service_tier !== undefined) config.serviceTier = settings.service_tier;
  // By itself, the upstream keeps what the owner of the key has set it up to keep.
  if (call.store === false) config.store = false;
  return { request: { model, contents, config }, degradations };
}

/** The Interactions API says `{ type: "hate_speech", threshold: "block_none" }`. */
function safetyOf({ type, threshold }: JsonObject): { category: string; threshold?: string } {
  const name = String(type).toUpperCase();
  const category = name.startsWith("HARM_CATEGORY_") ? name : `HARM_CATEGORY_${name}`;
  return threshold === undefined ? { category } : { category, threshold: String(threshold).toUpperCase() };
}
