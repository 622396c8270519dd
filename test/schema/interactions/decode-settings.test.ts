import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { Settings } from "../../../schema/core/settings.ts";
import { decodeCreate } from "../../../schema/interactions/decode-create.ts";

function settingsOf(members: JsonObject): Settings {
  return decodeCreate({ model: "m", input: "hi", ...members }, "steps").request.settings;
}

const schema = { type: "object", properties: { a: { type: "string" } } };

const formats: [form: string, members: JsonObject, expected: Settings["response_format"]][] = [
  ["one entry", { response_format: { type: "text" } }, [{ type: "text" }]],
  [
    "a list",
    {
      response_format: [
        { type: "text", schema },
        { type: "image", aspect_ratio: "1:1" },
      ],
    },
    [
      { type: "text", schema, mime_type: "application/json" },
      { type: "image", aspect_ratio: "1:1" },
    ],
  ],
  ["a bare JSON schema", { response_format: schema }, [{ type: "text", schema, mime_type: "application/json" }]],
  [
    "a bare schema without a type",
    { response_format: { $ref: "#/x" } },
    [{ type: "text", schema: { $ref: "#/x" }, mime_type: "application/json" }],
  ],
  [
    "a bare schema in Google's upper case",
    { response_format: { type: "STRING", enum: ["a"] }, response_mime_type: "text/x.enum" },
    [{ type: "text", schema: { type: "STRING", enum: ["a"] }, mime_type: "text/x.enum" }],
  ],
  ["a mime type alone", { response_mime_type: "application/json" }, [{ type: "text", mime_type: "application/json" }]],
  ["modalities, in any case", { response_modalities: ["TEXT", "audio"] }, [{ type: "text" }, { type: "audio" }]],
  [
    "an image_config",
    { generation_config: { image_config: { aspect_ratio: "16:9", image_size: "2k" } } },
    [{ type: "image", aspect_ratio: "16:9", image_size: "2K" }],
  ],
  [
    "all of the older members together, merged by type",
    {
      response_format: schema,
      response_mime_type: "application/json",
      response_modalities: ["text", "image"],
      generation_config: { image_config: { image_size: "1K" } },
    },
    [
      { type: "text", schema, mime_type: "application/json" },
      { type: "image", image_size: "1K" },
    ],
  ],
  [
    "an entry that says itself what older members say too",
    {
      response_format: { type: "image", image_size: "4K", mime_type: "image/png" },
      response_mime_type: "image/jpeg",
      generation_config: { image_config: { image_size: "1K", aspect_ratio: "1:1" } },
    },
    [{ type: "image", image_size: "4K", mime_type: "image/png", aspect_ratio: "1:1" }],
  ],
  [
    "the camelCase names of the first SDKs 2.x",
    { response_format: [{ type: "audio", mimeType: "audio/l16", sampleRate: 24000, bitRate: 1 }] },
    [{ type: "audio", mime_type: "audio/l16", sample_rate: 24000, bit_rate: 1 }],
  ],
  ["nulls", { response_format: { type: "text", schema: null, mime_type: null } }, [{ type: "text" }]],
];

describe("the wanted output", () => {
  it.each(formats)("is told by %s", (_form, members, expected) => {
    expect(settingsOf(members).response_format).toStrictEqual(expected);
  });

  it("is nothing special when nothing is said", () => {
    expect(settingsOf({ response_format: null, response_modalities: null })).toStrictEqual({});
    expect(settingsOf({ response_modalities: [] })).toStrictEqual({});
  });
});

describe("tools", () => {
  it("are read in the wire's forms and in those that real clients send", () => {
    const members: JsonObject = {
      tools: [
        { type: "function", name: "a", description: null, parameters: schema },
        { function_declarations: [{ name: "b", parameters: schema }, { name: "c" }] },
        { type: "function", function: { name: "d", description: "D" } },
        { type: "computer_use", environment: "browser", excludedPredefinedFunctions: ["drag"] },
        { type: "mcp_server", name: "s", url: "https://x", allowed_tools: ["t", { mode: "any", tools: ["u"] }] },
        { type: "google_search" },
        { type: "function", name: "_e.f:g-h", short_description: "E", defer_loading: true },
      ],
    };
    expect(settingsOf(members).tools).toStrictEqual([
      { type: "function", name: "a", parameters: schema },
      { type: "function", name: "b", parameters: schema },
      { type: "function", name: "c" },
      { type: "function", name: "d", description: "D" },
      { type: "computer_use", environment: "browser", excluded_predefined_functions: ["drag"] },
      { type: "mcp_server", name: "s", url: "https://x", allowed_tools: ["t", { mode: "any", tools: ["u"] }] },
      { type: "google_search" },
      { type: "function", name: "_e.f:g-h", short_description: "E", defer_loading: true },
    ]);
  });
});

describe("generation settings", () => {
  it("are read without nulls, and one speaker without a list around it", () => {
    const members = {
      temperature: 0.5,
      seed: null,
      tool_choice: { allowed_tools: { mode: "any", tools: ["f"] } },
      speech_config: { voice: "Kore", language: null },
    };
    expect(settingsOf({ generation_config: members })).toStrictEqual({
      generation_config: {
        temperature: 0.5,
        tool_choice: { allowed_tools: { mode: "any", tools: ["f"] } },
        speech_config: [{ voice: "Kore" }],
      },
    });
  });

  const older = {
    language_hints: ["de"],
    adaptation_phrases: ["Ada"],
    diarization_mode: "speaker",
    timestamp_granularities: ["word"],
  };
  const verbatim = { type: "verbatim", diarization_mode: "speaker", timestamp_granularities: ["word"] };

  it.each<[form: string, said: JsonObject, read: JsonObject]>([
    ["as it is", { language_codes: ["de"], mode: verbatim }, { language_codes: ["de"], mode: verbatim }],
    ["with the mode as a word", { mode: "smart" }, { mode: "smart" }],
    [
      "with a text to edit",
      { mode: { type: "smart", source_text: "a" } },
      { mode: { type: "smart", source_text: "a" } },
    ],
    [
      "without nulls",
      { custom_vocabulary: null, mode: { type: "smart", source_text: null } },
      { mode: { type: "smart" } },
    ],
    ["by its deprecated members", older, { language_codes: ["de"], custom_vocabulary: ["Ada"], mode: verbatim }],
    [
      "by a deprecated member beside the mode that it is now in",
      { mode: "verbatim", diarization_mode: "speaker" },
      { mode: { type: "verbatim", diarization_mode: "speaker" } },
    ],
    [
      "by a deprecated member beside a mode with others",
      { mode: { type: "verbatim", diarization_mode: "speaker" }, timestamp_granularities: ["word"] },
      { mode: verbatim },
    ],
  ])("of a transcription are read %s", (_form, transcription_config, read) => {
    expect(settingsOf({ generation_config: { transcription_config } })).toStrictEqual({
      generation_config: { transcription_config: read },
    });
  });

  it("of a video are read without nulls", () => {
    expect(settingsOf({ generation_config: { video_config: { task: null } } })).toStrictEqual({
      generation_config: { video_config: {} },
    });
    expect(settingsOf({ generation_config: { video_config: { task: "upscale" } } })).toStrictEqual({
      generation_config: { video_config: { task: "upscale" } },
    });
  });

  it("keep the speakers' own object", () => {
    const speech_config = { speakers: [{ voice: "Kore", speaker: "A" }] };
    expect(settingsOf({ generation_config: { speech_config } })).toStrictEqual({
      generation_config: { speech_config },
    });
  });
});

describe("the other settings", () => {
  it("are carried as they are said", () => {
    const members = {
      system_instruction: "be brief",
      service_tier: "flex",
      labels: { team: "blau-1", größe: "" },
      environment: { type: "remote", sources: [] },
      safety_settings: [{ type: "harassment", threshold: "block_none" }],
    };
    expect(settingsOf(members)).toStrictEqual(members);
  });

  it("of an agent may hold its number of tokens as text or as a number", () => {
    for (const max_total_tokens of ["1000", 1000]) {
      const agent_config = { type: "antigravity", max_total_tokens };
      const { request } = decodeCreate({ agent: "antigravity-preview", input: "hi", agent_config }, "steps");
      expect(request.settings).toStrictEqual({ agent_config });
    }
  });
});
