import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { ModalityTokens, Usage } from "../../../schema/core/usage.ts";

/**
 * What an answer cost. The servers count reasoning among the completion, we do not; xAI and Google's compatible route leave
 * it out as we do, which their totals show.
 */
export function usageOf(wire: JsonObject): Usage {
  const asked = detailsOf(wire, "prompt_tokens_details");
  const answered = detailsOf(wire, "completion_tokens_details");
  const input = count(wire.prompt_tokens) ?? 0;
  const completion = count(wire.completion_tokens) ?? 0;
  const beyond = (count(wire.total_tokens) ?? 0) - input - completion;
  const reasoning = count(answered.reasoning_tokens);
  const isApart = beyond > 0 && (reasoning === undefined || beyond === reasoning);
  const thought = isApart ? beyond : Math.min(reasoning ?? 0, completion);
  const output = isApart ? completion : completion - thought;
  const usage: Usage = {
    total_tokens: input + output + thought,
    total_input_tokens: input,
    total_output_tokens: output,
    total_thought_tokens: thought,
  };
  const heard = byModality(asked, input);
  if (heard !== undefined) usage.input_tokens_by_modality = heard;
  const said = byModality(answered, output);
  if (said !== undefined) usage.output_tokens_by_modality = said;
  // By the names of OpenAI, DeepSeek, and Moonshot.
  const cached = count(asked.cached_tokens) ?? count(wire.prompt_cache_hit_tokens) ?? count(wire.cached_tokens);
  if (cached !== undefined) usage.total_cached_tokens = Math.min(cached, input);
  return usage;
}

/** What llama.cpp tells of its work in any case, for where it was asked for no usage. */
export function usageOfTimings(timings: JsonObject | undefined): Usage | undefined {
  const read = count(timings?.prompt_n);
  const written = count(timings?.predicted_n);
  if (read === undefined || written === undefined) return undefined;
  const cached = count(timings?.cache_n) ?? 0;
  const input = read + cached;
  return {
    total_tokens: input + written,
    total_input_tokens: input,
    total_output_tokens: written,
    total_thought_tokens: 0,
    total_cached_tokens: cached,
  };
}

/** Only where other modalities than text are told: that all the rest is text is no more than a guess. */
function byModality(details: JsonObject, total: number): ModalityTokens[] | undefined {
  const media = (["image", "audio", "video"] as const).flatMap((modality): ModalityTokens[] => {
    const tokens = count(details[`${modality}_tokens`]) ?? 0;
    return tokens > 0 ? [{ modality, tokens }] : [];
  });
  const rest = media.reduce((left, { tokens }) => left - tokens, total);
  if (media.length === 0 || rest < 0) return undefined;
  return rest === 0 ? media : [{ modality: "text", tokens: rest }, ...media];
}

function detailsOf(wire: JsonObject, name: string): JsonObject {
  const details = wire[name];
  return isJsonObject(details) ? details : {};
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
