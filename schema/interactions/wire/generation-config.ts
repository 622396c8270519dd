import { z } from "zod";
import { TranscriptionMode, videoTasks } from "../../core/settings.ts";
import { ToolChoice } from "../../core/tool.ts";
import { named, openEnum, optional } from "./disposition.ts";

const Speaker = z.looseObject({
  voice: z.string().optional(),
  language: z.string().optional(),
  speaker: z.string().optional(),
});

const strings = z.array(z.string());

/** How speech is recognised. */
const TranscriptionConfig = z.looseObject({
  language_codes: strings.optional().describe("BCP 47; without them the language is found out."),
  custom_vocabulary: strings.optional(),
  mode: TranscriptionMode.optional(),
  language_hints: strings.optional().describe("Deprecated: read as `language_codes`."),
  adaptation_phrases: strings.optional().describe("Deprecated: read as `custom_vocabulary`."),
  diarization_mode: z.string().optional().describe("Deprecated: read as a member of a verbatim `mode`."),
  timestamp_granularities: strings.optional().describe("Deprecated: read as a member of a verbatim `mode`."),
});

const shared = {
  temperature: optional(z.number().min(0).max(2), "honoured", "Deprecated by Google; upstreams that have it get it."),
  top_p: optional(z.number().min(0).max(1), "honoured", "Deprecated by Google; upstreams that have it get it."),
  seed: optional(z.int(), "honoured"),
  stop_sequences: optional(z.array(z.string().min(1)), "honoured"),
  max_output_tokens: optional(z.int().positive(), "honoured", "Thinking included."),
  thinking_level: optional(z.enum(["minimal", "low", "medium", "high"]), "honoured"),
  thinking_summaries: optional(z.enum(["auto", "none"]), "honoured"),
  tool_choice: optional(ToolChoice, "honoured"),
  speech_config: optional(
    z.union([z.array(Speaker), z.looseObject({ speakers: z.array(Speaker) }), Speaker]),
    "passed on: refused by upstreams without it",
  ),
  image_config: optional(
    z.looseObject({ aspect_ratio: z.string().optional(), image_size: openEnum("512", "1K", "2K", "4K").optional() }),
    "translated: into an image entry of `response_format`",
    "Deprecated.",
  ),
};

/** How the model generates, in the steps revision. */
export const GenerationConfig = named(
  "GenerationConfig",
  "honoured",
  "How the model generates.",
  z.looseObject({
    ...shared,
    presence_penalty: optional(z.number(), "honoured", "Removed by Google; upstreams that have it get it."),
    frequency_penalty: optional(z.number(), "honoured", "Removed by Google; upstreams that have it get it."),
    transcription_config: optional(TranscriptionConfig, "passed on: refused by upstreams without it"),
    video_config: optional(
      z.looseObject({ task: z.enum(videoTasks).optional() }),
      "passed on: refused by upstreams without it",
    ),
  }),
);

/** How the model generates, in the legacy revision. */
export const LegacyGenerationConfig = named(
  "LegacyGenerationConfig",
  "honoured",
  "How the model generates.",
  z.looseObject(shared),
);
