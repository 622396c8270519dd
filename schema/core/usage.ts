import { z } from "zod";
import { JsonObject } from "./json.ts";

const tokens = z.number().int().nonnegative();

/** Tokens of one modality: `text`, `image`, `audio`, `video` or `document`. */
export const ModalityTokens = z.strictObject({ modality: z.string(), tokens });
export type ModalityTokens = z.infer<typeof ModalityTokens>;

/**
 * Token counts. Output excludes thinking, input includes the history and its cached part; the total is input, output,
 * thinking and tool use together.
 */
export const Usage = z.strictObject({
  total_tokens: tokens.optional(),
  total_input_tokens: tokens.optional(),
  input_tokens_by_modality: z.array(ModalityTokens).optional(),
  total_cached_tokens: tokens.optional(),
  cached_tokens_by_modality: z.array(ModalityTokens).optional(),
  total_output_tokens: tokens.optional(),
  output_tokens_by_modality: z.array(ModalityTokens).optional(),
  total_tool_use_tokens: tokens.optional(),
  tool_use_tokens_by_modality: z.array(ModalityTokens).optional(),
  total_thought_tokens: tokens.optional(),
  grounding_tool_count: z.array(z.strictObject({ type: z.string(), count: z.number().int() })).optional(),
  /** Counters that the upstream added and the hub does not know. */
  extra: JsonObject.optional(),
});
export type Usage = z.infer<typeof Usage>;
