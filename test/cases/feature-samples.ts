import type { Content } from "../../schema/core/content.ts";
import type { GenerationConfig, ResponseFormat, Settings } from "../../schema/core/settings.ts";
import type { Step, ToolName, ToolOutcome } from "../../schema/core/step.ts";
import type { Tool } from "../../schema/core/tool.ts";
import type { ModelCall } from "../../schema/provider.ts";
import type { Feature } from "../../server/providers/support.ts";

/**
 * A call that asks for one feature. `marker` is a text that the upstream's request must hold where the feature is honoured;
 * `field` is how the path of a refusal or a degradation begins.
 */
export type FeatureSample = { call: ModelCall; marker: string; field: string };

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const said: Step = { type: "user_input", content: [{ type: "text", text: "marked-question" }] };
const functionTool: Tool = {
  type: "function",
  name: "marked_function",
  description: "Does it.",
  parameters: { type: "object", properties: { place: { type: "string" } } },
};
const schema = { type: "object", properties: { marked_member: { type: "string" } }, required: ["marked_member"] };

function withSettings(settings: Settings, marker: string, field: string): FeatureSample {
  return { call: { model: "m", history: [], input: [said], settings }, marker, field };
}

const configured = (name: keyof GenerationConfig, config: GenerationConfig, marker: string): FeatureSample =>
  withSettings({ generation_config: config }, marker, `generation_config.${name}`);

const chosen = (choice: GenerationConfig["tool_choice"], marker: string): FeatureSample =>
  withSettings(
    { tools: [functionTool], generation_config: { tool_choice: choice } },
    marker,
    "generation_config.tool_choice",
  );

const formatted = (format: ResponseFormat, marker: string): FeatureSample =>
  withSettings({ response_format: [format] }, marker, "response_format");

const offered = (tool: Tool, marker: string): FeatureSample => withSettings({ tools: [tool] }, marker, "tools[0]");

const shown = (content: Content, marker: string): FeatureSample => ({
  call: { model: "m", history: [], input: [{ type: "user_input", content: [content] }], settings: {} },
  marker,
  field: "input[0].content[0]",
});

/** Steps of an earlier turn between what the user said then and says now. */
const told = (marker: string, ...steps: Step[]): FeatureSample => toldBy("another-vendor", marker, ...steps);

const toldBy = (provider: string, marker: string, ...steps: Step[]): FeatureSample => ({
  call: {
    model: "m",
    history: [{ type: "user_input", content: [{ type: "text", text: "Before." }] }, ...steps],
    history_by: Array.from({ length: steps.length + 1 }, () => provider),
    input: [said],
    settings: { tools: [functionTool] },
  },
  marker,
  field: "history[",
});

const answered: Step = { type: "model_output", content: [{ type: "text", text: "I see." }] };
const called: Step = {
  type: "tool_call",
  tool: "function",
  call_id: "call_marked",
  name: "marked_function",
  arguments: { place: "marked-place" },
};

const resulting = (result: ToolOutcome, marker: string): FeatureSample =>
  told(
    marker,
    called,
    { type: "tool_result", tool: "function", call_id: "call_marked", name: "marked_function", result },
    answered,
  );

const builtIn: Record<Exclude<ToolName, "function" | "mcp_server" | "other">, [args: object, result: ToolOutcome]> = {
  google_search: [{ queries: ["marked-query"] }, { type: "json", json: [{ search_suggestions: "marked-found" }] }],
  code_execution: [
    { language: "PYTHON", code: "print('marked-query')" },
    { type: "text", text: "marked-found" },
  ],
  url_context: [{ urls: ["https://marked-query.example"] }, { type: "json", json: [{ status: "SUCCESS" }] }],
  google_maps: [{ queries: ["marked-query"] }, { type: "json", json: [{ places: [] }] }],
  file_search: [{}, { type: "json", json: [{ file: "marked-query" }] }],
  retrieval: [{ queries: ["marked-query"] }, { type: "json", json: {} }],
  processing: [{ note: "marked-query" }, { type: "json", json: {} }],
};

function usedTool(tool: keyof typeof builtIn, provider: string): FeatureSample {
  const [args, result] = builtIn[tool];
  const signature = { value: "c2lnbmVk", provider };
  return toldBy(
    provider,
    "marked-query",
    { type: "tool_call", tool, call_id: "call_1", arguments: JSON.parse(JSON.stringify(args)), signature },
    { type: "tool_result", tool, call_id: "call_1", result, signature },
    answered,
  );
}

function unknownStep(provider: string): FeatureSample {
  const raw = { type: "future_call", id: "call_2", note: "marked-future", signature: provider };
  return toldBy(provider, "marked-future", { type: "tool_call", tool: "other", call_id: "call_2", raw }, answered);
}

function thought(provider: string, summary: boolean): FeatureSample {
  const step: Step = { type: "thought", signature: { value: "bWFya2VkLXNpZ25hdHVyZQ==", provider } };
  if (summary) step.summary = [{ type: "text", text: "marked-thought" }];
  return toldBy(provider, summary ? "marked-thought" : "bWFya2VkLXNpZ25hdHVyZQ==", step, answered);
}

const media = (type: "image" | "audio" | "document" | "video", mime_type: string) => ({
  data: shown({ type, mime_type, data: png }, png),
  uri: shown({ type, mime_type, uri: `https://media.example/marked.${type}` }, "https://media.example/marked."),
});
const image = media("image", "image/png");
const audio = media("audio", "audio/wav");
const document = media("document", "application/pdf");
const video = media("video", "video/mp4");

/** A sample of each feature, for an upstream of that name. */
export function featureSamples(own: string): Record<Feature, FeatureSample> {
  const foreign = "another-vendor";
  const model = (call: Partial<ModelCall>, field: string): FeatureSample => ({
    call: { model: "m", history: [], input: [said], settings: {}, ...call },
    marker: "marked-question",
    field,
  });
  return {
    system_instruction: withSettings({ system_instruction: "marked-instruction" }, "marked-instruction", "system_"),
    "generation_config.temperature": configured("temperature", { temperature: 0.123 }, "0.123"),
    "generation_config.top_p": configured("top_p", { top_p: 0.321 }, "0.321"),
    "generation_config.presence_penalty": configured("presence_penalty", { presence_penalty: 0.456 }, "0.456"),
    "generation_config.frequency_penalty": configured("frequency_penalty", { frequency_penalty: 0.654 }, "0.654"),
    "generation_config.seed": configured("seed", { seed: 987_654 }, "987654"),
    "generation_config.stop_sequences": configured(
      "stop_sequences",
      { stop_sequences: ["marked-stop"] },
      "marked-stop",
    ),
    "generation_config.max_output_tokens": configured("max_output_tokens", { max_output_tokens: 12_345 }, "12345"),
    "generation_config.thinking_level": configured("thinking_level", { thinking_level: "low" }, "low"),
    "generation_config.thinking_summaries": configured("thinking_summaries", { thinking_summaries: "auto" }, "auto"),
    "generation_config.tool_choice: auto": chosen("auto", "marked_function"),
    "generation_config.tool_choice: any": chosen("any", "marked_function"),
    "generation_config.tool_choice: none": chosen("none", "none"),
    "generation_config.tool_choice: validated": chosen("validated", "marked_function"),
    "generation_config.tool_choice: allowed_tools": chosen(
      { allowed_tools: { mode: "any", tools: ["marked_function"] } },
      "marked_function",
    ),
    "generation_config.speech_config": configured("speech_config", { speech_config: [{ voice: "Kore" }] }, "Kore"),
    "generation_config.transcription_config": configured(
      "transcription_config",
      { transcription_config: { language_codes: ["de-AT"] } },
      "de-AT",
    ),
    "generation_config.video_config": configured(
      "video_config",
      { video_config: { task: "text_to_video" } },
      "text_to_video",
    ),
    "response_format: text": formatted({ type: "text" }, "marked-question"),
    "response_format: JSON": formatted({ type: "text", mime_type: "application/json" }, "json"),
    "response_format: JSON by a schema": formatted(
      { type: "text", mime_type: "application/json", schema },
      "marked_member",
    ),
    "response_format: image": formatted({ type: "image", aspect_ratio: "16:9" }, "image"),
    "response_format: audio": formatted({ type: "audio" }, "audio"),
    "response_format: video": formatted({ type: "video" }, "video"),
    agent: {
      call: { agent: "marked-agent", history: [], input: [said], settings: {} },
      marker: "marked-agent",
      field: "agent",
    },
    agent_config: {
      call: { agent: "marked-agent", history: [], input: [said], settings: { agent_config: { type: "marked-type" } } },
      marker: "marked-type",
      field: "agent",
    },
    environment: withSettings({ environment: "marked-environment" }, "marked-environment", "environment"),
    service_tier: withSettings({ service_tier: "flex" }, "flex", "service_tier"),
    labels: withSettings({ labels: { team: "marked-label" } }, "marked-label", "labels"),
    safety_settings: withSettings(
      { safety_settings: [{ type: "hate_speech", threshold: "block_none" }] },
      "block_none",
      "safety_settings",
    ),
    webhook_config: withSettings(
      { webhook_config: { uris: ["https://hook.example"] } },
      "hook.example",
      "webhook_config",
    ),
    background: model({ background: true }, "background"),
    "store: false": model({ store: false }, "store"),
    "unknown members": model({ settings: { extra: { future_member: "marked-member" } } }, "future_member"),
    "tools: function": offered(functionTool, "marked_function"),
    "tools: google_search": offered({ type: "google_search" }, "search"),
    "tools: code_execution": offered({ type: "code_execution" }, "code"),
    "tools: url_context": offered({ type: "url_context" }, "url_context"),
    "tools: google_maps": offered({ type: "google_maps", latitude: 48.2 }, "48.2"),
    "tools: file_search": offered({ type: "file_search", file_search_store_names: ["marked-store"] }, "marked-store"),
    // The hub lists the server's tools and offers them as functions.
    "tools: mcp_server": offered({ type: "mcp_server", name: "s", url: "https://mcp.example/mcp" }, "marked-question"),
    "tools: computer_use": offered({ type: "computer_use", environment: "browser" }, "browser"),
    "tools: retrieval": offered({ type: "retrieval", retrieval_types: ["vertex_ai_search"] }, "vertex_ai_search"),
    "tools: unknown": offered({ type: "other", raw: { type: "marked_tool" } }, "marked_tool"),
    "content: text": shown({ type: "text", text: "marked-text" }, "marked-text"),
    "content: image by data": image.data,
    "content: image by URI": image.uri,
    "content: audio by data": audio.data,
    "content: audio by URI": audio.uri,
    "content: document by data": document.data,
    "content: document by URI": document.uri,
    "content: video by data": video.data,
    "content: video by URI": video.uri,
    "content: unknown": shown({ type: "other", raw: { type: "hologram", note: "marked-hologram" } }, "marked-hologram"),
    "step: user_input": told("marked-before", {
      type: "user_input",
      content: [{ type: "text", text: "marked-before" }],
    }),
    "step: model_output": told("marked-output", {
      type: "model_output",
      content: [{ type: "text", text: "marked-output" }],
    }),
    "step: thought, own": thought(own, false),
    "step: thought, foreign": thought(foreign, true),
    "step: function_call": resulting({ type: "text", text: "Yes" }, "marked-place"),
    "step: function_result, text": resulting({ type: "text", text: "marked-result" }, "marked-result"),
    "step: function_result, JSON": resulting({ type: "json", json: { marked: 17 } }, "marked"),
    "step: function_result, contents with an image": resulting(
      {
        type: "content",
        content: [
          { type: "text", text: "See:" },
          { type: "image", mime_type: "image/png", data: png },
        ],
      },
      png,
    ),
    "step: google_search, own": usedTool("google_search", own),
    "step: google_search, foreign": usedTool("google_search", foreign),
    "step: code_execution, own": usedTool("code_execution", own),
    "step: code_execution, foreign": usedTool("code_execution", foreign),
    "step: url_context, own": usedTool("url_context", own),
    "step: url_context, foreign": usedTool("url_context", foreign),
    "step: google_maps, own": usedTool("google_maps", own),
    "step: google_maps, foreign": usedTool("google_maps", foreign),
    "step: file_search, own": usedTool("file_search", own),
    "step: file_search, foreign": usedTool("file_search", foreign),
    "step: mcp_server": told(
      "marked_tool",
      {
        type: "tool_call",
        tool: "mcp_server",
        call_id: "call_3",
        name: "marked_tool",
        server_name: "server",
        arguments: {},
      },
      {
        type: "tool_result",
        tool: "mcp_server",
        call_id: "call_3",
        name: "marked_tool",
        server_name: "server",
        result: { type: "text", text: "Yes" },
      },
      answered,
    ),
    "step: retrieval, own": usedTool("retrieval", own),
    "step: retrieval, foreign": usedTool("retrieval", foreign),
    "step: processing, own": usedTool("processing", own),
    "step: processing, foreign": usedTool("processing", foreign),
    "step: unknown, own": unknownStep(own),
    "step: unknown, foreign": unknownStep(foreign),
  };
}
