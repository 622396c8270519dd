import { describe, expect, it } from "vitest";
import type { Degradation } from "../../../../schema/core/degradation.ts";
import type { Settings } from "../../../../schema/core/settings.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { toRequest } from "../../../../server/providers/generate-content/request.ts";
import type { WireConfig } from "../../../../server/providers/generate-content/wire.ts";
import { saying } from "../../../cases/provider.ts";

function configOf(settings: Settings, call: Partial<ModelCall> = {}): WireConfig {
  const { config, degradations } = sent(settings, call);
  expect(degradations).toEqual([]);
  return config;
}

function sent(settings: Settings, call: Partial<ModelCall> = {}): { config: WireConfig; degradations: Degradation[] } {
  const { request, degradations } = toRequest(
    { model: "gemini-3.8-flash", history: [], input: [saying("Hi")], settings, ...call },
    "gemini",
  );
  return { config: request.config, degradations };
}

const paint = { type: "function", name: "paint", description: "Paints.", parameters: { type: "OBJECT" } } as const;

describe("the settings of a request", () => {
  it("are nothing where nothing is set", () => {
    expect(configOf({})).toEqual({});
    expect(configOf({}, { store: true })).toEqual({});
  });

  it("are named as Google names them", () => {
    const config = configOf(
      {
        system_instruction: "Be brief.",
        generation_config: {
          temperature: 0,
          top_p: 0.5,
          presence_penalty: 1,
          frequency_penalty: -1,
          seed: 7,
          stop_sequences: ["END"],
          max_output_tokens: 100,
        },
        labels: { team: "red" },
        service_tier: "flex",
        safety_settings: [
          { type: "hate_speech", threshold: "block_none" },
          { type: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_ONLY_HIGH" },
        ],
      },
      { store: false },
    );
    expect(config).toEqual({
      systemInstruction: "Be brief.",
      temperature: 0,
      topP: 0.5,
      presencePenalty: 1,
      frequencyPenalty: -1,
      seed: 7,
      stopSequences: ["END"],
      maxOutputTokens: 100,
      labels: { team: "red" },
      serviceTier: "flex",
      safetySettings: [
        { category: "HARM_CATEGORY_HATE_SPEECH", threshold: "BLOCK_NONE" },
        { category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_ONLY_HIGH" },
      ],
      store: false,
    });
  });

  it("say how much the model may think by its level, and by a budget to Gemini 2.5", () => {
    const thinking = (model: string) =>
      configOf({ generation_config: { thinking_level: "low", thinking_summaries: "auto" } }, { model }).thinkingConfig;
    expect(thinking("gemini-3.8-flash")).toEqual({ thinkingLevel: "LOW", includeThoughts: true });
    expect(thinking("gemini-2.5-pro")).toEqual({ thinkingBudget: 1_024, includeThoughts: true });
    expect(configOf({ generation_config: { thinking_summaries: "none" } }).thinkingConfig).toEqual({
      includeThoughts: false,
    });
  });
});

describe("the format of the answer", () => {
  it("is JSON by a schema, in the words of JSON Schema", () => {
    const schema = { $schema: "x", type: "OBJECT", properties: { a: { type: "STRING", nullable: true } } };
    expect(configOf({ response_format: [{ type: "text", schema }] })).toEqual({
      responseMimeType: "application/json",
      responseJsonSchema: { type: "object", properties: { a: { type: ["string", "null"] } } },
    });
    expect(configOf({ response_format: [{ type: "text", mime_type: "application/json" }] })).toEqual({
      responseMimeType: "application/json",
    });
  });

  it("is text, an image and sound by modality; text alone needs none", () => {
    expect(configOf({ response_format: [{ type: "text" }] })).toEqual({});
    expect(
      configOf({ response_format: [{ type: "text" }, { type: "image", aspect_ratio: "16:9", image_size: "2K" }] }),
    ).toEqual({ responseModalities: ["TEXT", "IMAGE"], imageConfig: { aspectRatio: "16:9", imageSize: "2K" } });
  });

  it("is told where the model chooses it itself", () => {
    const { config, degradations } = sent({
      response_format: [
        { type: "image", mime_type: "image/webp" },
        { type: "audio", mime_type: "audio/mp3", sample_rate: 48_000, bit_rate: 64_000 },
      ],
    });
    expect(config).toEqual({ responseModalities: ["IMAGE", "AUDIO"] });
    expect(degradations.map(({ field }) => field)).toEqual([
      "response_format[0].mime_type",
      "response_format[1].mime_type",
      "response_format[1].sample_rate",
      "response_format[1].bit_rate",
    ]);
    expect(configOf({ response_format: [{ type: "audio", mime_type: "audio/l16", sample_rate: 24_000 }] })).toEqual({
      responseModalities: ["AUDIO"],
    });
  });

  it("is speech by one voice or of several speakers, and sound then even where it is not asked for", () => {
    expect(configOf({ generation_config: { speech_config: [{ voice: "Kore", language: "de-AT" }] } })).toEqual({
      responseModalities: ["AUDIO"],
      speechConfig: {
        voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } },
        languageCode: "de-AT",
      },
    });
    const speakers = [
      { speaker: "Ann", voice: "Kore" },
      { speaker: "Bob", voice: "Puck" },
    ];
    expect(
      configOf({ generation_config: { speech_config: { speakers } }, response_format: [{ type: "audio" }] }),
    ).toEqual({
      responseModalities: ["AUDIO"],
      speechConfig: {
        multiSpeakerVoiceConfig: {
          speakerVoiceConfigs: [
            { speaker: "Ann", voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } } },
            { speaker: "Bob", voiceConfig: { prebuiltVoiceConfig: { voiceName: "Puck" } } },
          ],
        },
      },
    });
  });

  it("is sound where the model makes nothing else", () => {
    expect(configOf({}, { model: "gemini-2.5-flash-preview-tts" })).toEqual({ responseModalities: ["AUDIO"] });
  });

  it("is a transcription, word by word or edited", () => {
    const transcribing = (
      mode: NonNullable<NonNullable<Settings["generation_config"]>["transcription_config"]>["mode"],
    ) =>
      configOf({
        generation_config: {
          transcription_config: { language_codes: ["de"], custom_vocabulary: ["Wien"], ...(mode ? { mode } : {}) },
        },
      }).audioTranscriptionConfig;
    const base = { languageCodes: ["de"], customVocabulary: ["Wien"] };
    expect(transcribing(undefined)).toEqual(base);
    expect(transcribing("smart")).toEqual({ ...base, mode: "SMART" });
    expect(transcribing({ type: "smart", source_text: "Draft" })).toEqual({
      ...base,
      mode: "SMART",
      sourceText: "Draft",
    });
    expect(transcribing({ type: "verbatim", diarization_mode: "speaker", timestamp_granularities: ["word"] })).toEqual({
      ...base,
      mode: "VERBATIM",
      diarization: true,
      wordTimestamp: true,
    });
  });
});

describe("the tools of a request", () => {
  it("are declared each in its place, functions by a JSON schema", () => {
    const config = configOf({
      tools: [
        paint,
        { type: "google_search", search_types: ["image_search"] },
        { type: "code_execution" },
        { type: "url_context" },
        { type: "google_maps", latitude: 48.2, longitude: 16.37, enable_widget: true },
        { type: "file_search", file_search_store_names: ["fileSearchStores/a"], metadata_filter: "x = 1", top_k: 3 },
        {
          type: "computer_use",
          excluded_predefined_functions: ["drag"],
          disabled_safety_policies: ["account_creation"],
        },
        { type: "mcp_server", name: "s", url: "https://mcp.example" },
      ],
    });
    expect(config).toEqual({
      tools: [
        { functionDeclarations: [{ name: "paint", description: "Paints.", parametersJsonSchema: { type: "object" } }] },
        { googleSearch: { searchTypes: { imageSearch: {} } } },
        { codeExecution: {} },
        { urlContext: {} },
        { googleMaps: { enableWidget: true } },
        { fileSearch: { fileSearchStoreNames: ["fileSearchStores/a"], metadataFilter: "x = 1", topK: 3 } },
        {
          computerUse: {
            environment: "ENVIRONMENT_BROWSER",
            excludedPredefinedFunctions: ["drag"],
            disabledSafetyPolicies: ["ACCOUNT_CREATION"],
          },
        },
      ],
      toolConfig: {
        retrievalConfig: { latLng: { latitude: 48.2, longitude: 16.37 } },
        includeServerSideToolInvocations: true,
      },
    });
  });

  it("are told when they are called by models that can, and always where the chain has such calls", () => {
    const isTold = (model: string, ...tools: NonNullable<Settings["tools"]>) =>
      configOf({ tools }, { model }).toolConfig?.includeServerSideToolInvocations === true;
    expect(isTold("gemini-3.8-flash", { type: "google_search" })).toBe(true);
    expect(isTold("gemini-3.8-flash", { type: "code_execution" })).toBe(false);
    expect(isTold("gemini-3.1-flash-image", { type: "google_search" })).toBe(false);
    expect(isTold("gemini-3.1-flash-image", { type: "google_search" }, paint)).toBe(true);
    expect(isTold("gemini-2.5-pro", { type: "google_search" }, paint)).toBe(false);
    const signature = { value: "c2ln", provider: "gemini" };
    const history = [{ type: "tool_call", tool: "google_search", call_id: "s", signature } as const];
    expect(configOf({}, { history }).toolConfig).toEqual({ includeServerSideToolInvocations: true });
  });

  it.each<[string, Settings["generation_config"], WireConfig["toolConfig"]]>([
    ["auto", { tool_choice: "auto" }, { functionCallingConfig: { mode: "AUTO" } }],
    ["any", { tool_choice: "any" }, { functionCallingConfig: { mode: "ANY" } }],
    ["none", { tool_choice: "none" }, { functionCallingConfig: { mode: "NONE" } }],
    ["validated", { tool_choice: "validated" }, { functionCallingConfig: { mode: "VALIDATED" } }],
    [
      "any of some",
      { tool_choice: { allowed_tools: { mode: "any", tools: ["paint"] } } },
      { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["paint"] } },
    ],
    [
      "some or none",
      { tool_choice: { allowed_tools: { tools: ["paint"] } } },
      { functionCallingConfig: { mode: "VALIDATED", allowedFunctionNames: ["paint"] } },
    ],
  ])("may be used by choice: %s", (_, generation_config, toolConfig) => {
    expect(configOf({ tools: [paint], generation_config: { ...generation_config } }).toolConfig).toEqual(toolConfig);
  });

  it("are not offered where none may be used and the upstream cannot be told so", () => {
    const tools: Settings["tools"] = [paint, { type: "google_search" }];
    expect(configOf({ tools, generation_config: { tool_choice: "none" } })).toMatchObject({
      tools: [{ functionDeclarations: [{ name: "paint" }] }],
      toolConfig: { functionCallingConfig: { mode: "NONE" } },
    });
    // Without functions, the API refuses a choice among them.
    expect(configOf({ tools: [{ type: "code_execution" }], generation_config: { tool_choice: "auto" } })).toEqual({
      tools: [{ codeExecution: {} }],
    });
  });

  it("tell what is left out of a declaration", () => {
    const { degradations } = sent({ tools: [{ ...paint, short_description: "P", defer_loading: true }] });
    expect(degradations.map(({ field }) => field)).toEqual(["tools[0].short_description", "tools[0].defer_loading"]);
  });
});
