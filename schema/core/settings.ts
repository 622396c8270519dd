import { z } from "zod";
import { JsonObject } from "./json.ts";
import { MimeType } from "./mime-type.ts";
import { Tool, ToolChoice } from "./tool.ts";

const Speaker = z.strictObject({
  voice: z.string().optional(),
  language: z.string().optional(),
  speaker: z.string().optional(),
});

/** How speech is written down: word by word, or edited (by voice instructions, when there is a text to edit). */
export const TranscriptionMode = z.union([
  z.enum(["verbatim", "smart"]),
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("verbatim"),
      diarization_mode: z.string().optional(),
      timestamp_granularities: z.array(z.string()).optional(),
    }),
    z.strictObject({ type: z.literal("smart"), source_text: z.string().optional() }),
  ]),
]);
export type TranscriptionMode = z.infer<typeof TranscriptionMode>;

/** How the model recognises speech. Deprecated members are translated before they come here. */
export const TranscriptionConfig = z.strictObject({
  /** BCP 47. */
  language_codes: z.array(z.string()).optional(),
  custom_vocabulary: z.array(z.string()).optional(),
  mode: TranscriptionMode.optional(),
});
export type TranscriptionConfig = z.infer<typeof TranscriptionConfig>;

/** What a video model is to do. */
export const videoTasks = [
  "text_to_video",
  "image_to_video",
  "reference_to_video",
  "edit",
  "extend",
  "upscale",
] as const;

/** How the model generates. `image_config` of older requests is normalised into `response_format` before it comes here. */
export const GenerationConfig = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  presence_penalty: z.number().optional(),
  frequency_penalty: z.number().optional(),
  seed: z.number().int().optional(),
  stop_sequences: z.array(z.string().min(1)).optional(),
  /** Thinking included. */
  max_output_tokens: z.number().int().positive().optional(),
  thinking_level: z.enum(["minimal", "low", "medium", "high"]).optional(),
  thinking_summaries: z.enum(["auto", "none"]).optional(),
  tool_choice: ToolChoice.optional(),
  speech_config: z.union([z.array(Speaker), z.strictObject({ speakers: z.array(Speaker) })]).optional(),
  transcription_config: TranscriptionConfig.optional(),
  video_config: z.strictObject({ task: z.enum(videoTasks).optional() }).optional(),
  /** Members that the hub does not know, for upstreams that take them. */
  extra: JsonObject.optional(),
});
export type GenerationConfig = z.infer<typeof GenerationConfig>;

/** One output that the answer must have: text (perhaps JSON by a schema), an image, audio or video. */
export const ResponseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), mime_type: MimeType.optional(), schema: JsonObject.optional() }),
  z.strictObject({
    type: z.literal("image"),
    mime_type: MimeType.optional(),
    aspect_ratio: z.string().optional(),
    image_size: z.string().optional(),
    delivery: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal("audio"),
    mime_type: MimeType.optional(),
    sample_rate: z.number().int().optional(),
    bit_rate: z.number().int().optional(),
    delivery: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal("video"),
    aspect_ratio: z.string().optional(),
    resolution: z.string().optional(),
    duration: z.string().optional(),
    delivery: z.string().optional(),
    gcs_uri: z.string().optional(),
  }),
]);
export type ResponseFormat = z.infer<typeof ResponseFormat>;

/** How an agent works; members depend on the agent's `type` and are the agent's to judge. */
export const AgentConfig = z.looseObject({ type: z.string() });
export type AgentConfig = z.infer<typeof AgentConfig>;

/** A label's key or value: at most 63 code points of lower-case letters, digits, `_` and `-`. */
const labelText = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

export const Labels = z.record(
  z.string().regex(/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u, {
    message: "must start with a lower-case letter and have at most 63 letters, digits, '_' or '-'",
  }),
  z.string().regex(labelText, { message: "must have at most 63 lower-case letters, digits, '_' or '-'" }),
);
export type Labels = z.infer<typeof Labels>;

/** The members of a request that shape one run. None of them is inherited along a chain. */
export const Settings = z.strictObject({
  system_instruction: z.string().optional(),
  tools: z.array(Tool).optional(),
  generation_config: GenerationConfig.optional(),
  agent_config: AgentConfig.optional(),
  response_format: z.array(ResponseFormat).optional(),
  environment: z.union([z.string(), JsonObject]).optional(),
  service_tier: z.string().optional(),
  labels: Labels.optional(),
  safety_settings: z.array(JsonObject).optional(),
  webhook_config: JsonObject.optional(),
  /** Members that the hub does not know, for upstreams that take them. */
  extra: JsonObject.optional(),
});
export type Settings = z.infer<typeof Settings>;
