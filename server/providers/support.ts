/**
 * What a request may ask of an upstream, each by the path of its member; steps and contents as they stand in the history
 * or in the input. "own" is what the upstream itself made, "foreign" what another vendor or the hub made.
 */
export const features = [
  "system_instruction",
  "generation_config.temperature",
  "generation_config.top_p",
  "generation_config.presence_penalty",
  "generation_config.frequency_penalty",
  "generation_config.seed",
  "generation_config.stop_sequences",
  "generation_config.max_output_tokens",
  "generation_config.thinking_level",
  "generation_config.thinking_summaries",
  "generation_config.tool_choice: auto",
  "generation_config.tool_choice: any",
  "generation_config.tool_choice: none",
  "generation_config.tool_choice: validated",
  "generation_config.tool_choice: allowed_tools",
  "generation_config.speech_config",
  "generation_config.transcription_config",
  "generation_config.video_config",
  "response_format: text",
  "response_format: JSON",
  "response_format: JSON by a schema",
  "response_format: image",
  "response_format: audio",
  "response_format: video",
  "agent",
  "agent_config",
  "environment",
  "service_tier",
  "labels",
  "safety_settings",
  "webhook_config",
  "background",
  "store: false",
  "unknown members",
  "tools: function",
  "tools: google_search",
  "tools: code_execution",
  "tools: url_context",
  "tools: google_maps",
  "tools: file_search",
  "tools: mcp_server",
  "tools: computer_use",
  "tools: retrieval",
  "tools: unknown",
  "content: text",
  "content: image by data",
  "content: image by URI",
  "content: audio by data",
  "content: audio by URI",
  "content: document by data",
  "content: document by URI",
  "content: video by data",
  "content: video by URI",
  "content: unknown",
  "step: user_input",
  "step: model_output",
  "step: thought, own",
  "step: thought, foreign",
  "step: function_call",
  "step: function_result, text",
  "step: function_result, JSON",
  "step: function_result, contents with an image",
  "step: google_search, own",
  "step: google_search, foreign",
  "step: code_execution, own",
  "step: code_execution, foreign",
  "step: url_context, own",
  "step: url_context, foreign",
  "step: google_maps, own",
  "step: google_maps, foreign",
  "step: file_search, own",
  "step: file_search, foreign",
  "step: mcp_server",
  "step: retrieval, own",
  "step: retrieval, foreign",
  "step: processing, own",
  "step: processing, foreign",
  "step: unknown, own",
  "step: unknown, foreign",
] as const;
export type Feature = (typeof features)[number];

/**
 * What becomes of a feature: `honoured` (said in the upstream's own words, nothing lost), `translated: how` (said in another
 * form, and told as a degradation where something is lost), `left out: why` (not said, and told as a degradation), or
 * `refused: why` (before anything is sent). After `honoured: ` may stand a note.
 */
export type Support =
  | "honoured"
  | `honoured: ${string}`
  | `translated: ${string}`
  | `left out: ${string}`
  | `refused: ${string}`;

/** What a kind of upstream makes of every feature. */
export type SupportTable = Readonly<Record<Feature, Support>>;
