import { z } from "zod";
import { ToolChoice } from "../../core/tool.ts";
import { carried, named, openEnum, optional } from "./disposition.ts";

const Speaker = z.looseObject({
  voice: z.string().optional(),
  language: z.string().optional(),
  speaker: z.string().optional(),
});

const shared = {
  temperature: optional(z.number().min(0), "honoured", "Deprecated by Google; upstreams that have it get it."),
  top_p: optional(z.number().min(0).max(1), "honoured", "Deprecated by Google; upstreams that have it get it."),
  seed: optional(z.int(), "honoured"),
  stop_sequences: optional(z.array(z.string()), "honoured"),
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
    transcription_config: optional(carried(), "passed on: refused by upstreams without it"),
    video_config: optional(
      z.looseObject({ task: openEnum("text_to_video", "image_to_video", "edit", "extend").optional() }),
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
