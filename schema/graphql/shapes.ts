import { Degradation } from "../core/degradation.ts";
import { ModelInfo } from "../core/model-info.ts";
import { GenerationConfig } from "../core/settings.ts";
import { ModalityTokens, Usage } from "../core/usage.ts";
import { shape } from "./shape.ts";

export const modalityTokens = shape("ModalityTokens", "Tokens of one kind of content.", ModalityTokens, {
  modality: "`text`, `image`, `audio`, `video` or `document`.",
  tokens: "How many.",
});

export const usage = shape(
  "Usage",
  "What one interaction cost in tokens, as its upstream counted. What the upstream did not count is null.",
  Usage,
  {
    total_tokens: "Input, output, thinking and tool use together.",
    total_input_tokens: "What the model was given: the history too, and what of it was cached.",
    input_tokens_by_modality: "The input by kinds of content.",
    total_cached_tokens: "The part of the input that the upstream had in its cache.",
    cached_tokens_by_modality: "The cached part by kinds of content.",
    total_output_tokens: "What the model answered, without its thinking.",
    output_tokens_by_modality: "The output by kinds of content.",
    total_tool_use_tokens: "What the upstream's own tools gave to the model.",
    tool_use_tokens_by_modality: "Tool use by kinds of content.",
    total_thought_tokens: "What the model thought.",
    grounding_tool_count: "How often each of the upstream's own tools was used, as `type` and `count`.",
    extra: "Counters that the hub does not know, as they came.",
  },
);

export const generationConfig = shape("GenerationConfig", "How the model was to generate.", GenerationConfig, {
  temperature: "From 0 to 2; the greater, the less predictable.",
  top_p: "From 0 to 1: how much of the probability is drawn from.",
  presence_penalty: "Against what was said already.",
  frequency_penalty: "Against what was said often.",
  seed: "Makes answers repeatable, where the upstream can.",
  stop_sequences: "Texts at which the answer ends.",
  max_output_tokens: "The most tokens to answer with, thinking included.",
  thinking_level: "How long to think.",
  thinking_summaries: "Whether thoughts are told in summary.",
  tool_choice: "`auto`, `any`, `none`, `validated`, or an object with `allowed_tools`.",
  speech_config: "Voices to speak with.",
  transcription_config: "How speech is written down.",
  video_config: "What a video model is to do.",
  extra: "Members that the hub does not know, as they came.",
});

export const degradation = shape(
  "Degradation",
  "Something that the upstream could not be given as it was asked.",
  Degradation,
  {
    field: "The member of the request (`generation_config.seed`), or `history[3]` for a step of the chain, from 0.",
    message: "What was done instead.",
  },
);

export const modelInfo = shape("Model", "A model that an upstream offers.", ModelInfo, {
  id: null,
  kind: null,
  provider: null,
  display_name: "What it is called among people.",
  description: "What its upstream says of it.",
  version: "Its version.",
  input_token_limit: "The most tokens that it takes.",
  output_token_limit: "The most tokens that it answers with.",
  thinking: "Whether it thinks.",
});
