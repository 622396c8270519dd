import { z } from "zod";
import { named, openEnum, optional } from "./disposition.ts";

const tokens = z.int().min(0);
const counted = "sent: as the upstream counted";

const ModalityTokens = named(
  "ModalityTokens",
  "sent",
  "Tokens of one kind of content.",
  z.looseObject({ modality: openEnum("text", "image", "audio", "video", "document"), tokens }),
);
const byModality = z.array(ModalityTokens);

/** Token counts, the same in both revisions. */
export const Usage = named(
  "Usage",
  "sent",
  "Token counts. The output excludes thinking, the input includes the history and its cached part.",
  z.looseObject({
    total_tokens: optional(tokens, counted, "Input, output, thinking and tool use together."),
    total_input_tokens: optional(tokens, counted),
    input_tokens_by_modality: optional(byModality, counted),
    total_cached_tokens: optional(tokens, counted),
    cached_tokens_by_modality: optional(byModality, counted),
    total_output_tokens: optional(tokens, counted),
    output_tokens_by_modality: optional(byModality, counted),
    total_tool_use_tokens: optional(tokens, counted),
    tool_use_tokens_by_modality: optional(byModality, counted),
    total_thought_tokens: optional(tokens, counted),
    grounding_tool_count: optional(z.array(z.looseObject({ type: z.string(), count: z.int() })), counted),
    initial_input_tokens: optional(tokens, "not sent: the SDK fills it in", "Input tokens of the first hop."),
  }),
);
