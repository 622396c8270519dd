import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/core/json.ts";
import { refusalOfCreate } from "../../cases/refusal-of-create.ts";

const members: [body: JsonObject, field: string, message: string | RegExp][] = [
  [{ inptu: "x" }, "inptu", "Unknown parameter 'inptu'. Did you mean 'input'?"],
  [{ nothing_alike: 1 }, "nothing_alike", "Unknown parameter 'nothing_alike'."],
  [
    { systemInstruction: "x" },
    "systemInstruction",
    "Unknown parameter 'systemInstruction'. Did you mean 'system_instruction'?",
  ],
  [{ temperature: 1 }, "temperature", "Unknown parameter 'temperature'. Did you mean 'generation_config.temperature'?"],
  [{ stream: "true" }, "stream", "Invalid value at 'stream': expected true or false, received the string 'true'."],
  [
    { generation_config: { temprature: 1 } },
    "generation_config.temprature",
    "Unknown parameter 'temprature' at 'generation_config'. Did you mean 'temperature'?",
  ],
  [
    { generation_config: { tool_choice: "required" } },
    "generation_config.tool_choice",
    "Invalid enum value 'required' at 'generation_config.tool_choice'. Supported values: auto, any, none, validated.",
  ],
  [
    { generation_config: { tool_choice: { allowed_tools: { mod: "any" } } } },
    "generation_config.tool_choice.allowed_tools.mod",
    "Unknown parameter 'mod' at 'generation_config.tool_choice.allowed_tools'. Did you mean 'mode'?",
  ],
  [
    { generation_config: { tool_choice: 5 } },
    "generation_config.tool_choice",
    "Invalid value at 'generation_config.tool_choice': expected one of auto, any, none, validated or an object, received 5.",
  ],
  [
    { generation_config: { seed: 1.5 } },
    "generation_config.seed",
    "Invalid value at 'generation_config.seed': expected a whole number, received 1.5.",
  ],
  [
    { generation_config: { top_p: 2 } },
    "generation_config.top_p",
    "Invalid value at 'generation_config.top_p': expected at most 1, received 2.",
  ],
  [
    { generation_config: { stop_sequences: ["a", 1] } },
    "generation_config.stop_sequences[1]",
    "Invalid value at 'generation_config.stop_sequences[1]': expected a string, received 1.",
  ],
  [
    { generation_config: { temperature: 2.1 } },
    "generation_config.temperature",
    "Invalid value at 'generation_config.temperature': expected at most 2, received 2.1.",
  ],
  [
    { generation_config: { stop_sequences: ["a", ""] } },
    "generation_config.stop_sequences[1]",
    "Invalid value at 'generation_config.stop_sequences[1]': expected a string that is not empty, received an empty string.",
  ],
  [
    { generation_config: { video_config: { task: "sing" } } },
    "generation_config.video_config.task",
    "Invalid enum value 'sing' at 'generation_config.video_config.task'. Supported values: text_to_video, image_to_video, reference_to_video, edit, extend, upscale.",
  ],
  [
    { generation_config: { video_config: { tsak: "edit" } } },
    "generation_config.video_config.tsak",
    "Unknown parameter 'tsak' at 'generation_config.video_config'. Did you mean 'task'?",
  ],
  [
    { generation_config: { transcription_config: 5 } },
    "generation_config.transcription_config",
    "Invalid value at 'generation_config.transcription_config': expected an object, received 5.",
  ],
  [
    { generation_config: { transcription_config: { language_code: ["de"] } } },
    "generation_config.transcription_config.language_code",
    "Unknown parameter 'language_code' at 'generation_config.transcription_config'. Did you mean 'language_codes'?",
  ],
  [
    { generation_config: { transcription_config: { language_hints: ["de", 5] } } },
    "generation_config.transcription_config.language_hints[1]",
    "Invalid value at 'generation_config.transcription_config.language_hints[1]': expected a string, received 5.",
  ],
  [
    { generation_config: { transcription_config: { mode: "loud" } } },
    "generation_config.transcription_config.mode",
    "Invalid enum value 'loud' at 'generation_config.transcription_config.mode'. Supported values: verbatim, smart.",
  ],
  [
    { generation_config: { transcription_config: { mode: { type: "loud" } } } },
    "generation_config.transcription_config.mode.type",
    "Invalid enum value 'loud' at 'generation_config.transcription_config.mode.type'. Supported values: verbatim, smart.",
  ],
  [
    { generation_config: { transcription_config: { mode: {} } } },
    "generation_config.transcription_config.mode.type",
    "Missing key 'type' at 'generation_config.transcription_config.mode'.",
  ],
  [
    { generation_config: { transcription_config: { mode: { type: "smart", diarization_mode: "speaker" } } } },
    "generation_config.transcription_config.mode.diarization_mode",
    "Unknown parameter 'diarization_mode' at 'generation_config.transcription_config.mode'.",
  ],
  [
    { generation_config: { transcription_config: { mode: "smart", diarization_mode: "speaker" } } },
    "generation_config.transcription_config.diarization_mode",
    "'generation_config.transcription_config.diarization_mode' is only for the mode 'verbatim', received the mode 'smart'.",
  ],
  [
    { generation_config: { transcription_config: { language_hints: ["de"], language_codes: ["en"] } } },
    "generation_config.transcription_config.language_hints",
    "Only one of 'generation_config.transcription_config.language_hints' (deprecated) and 'generation_config.transcription_config.language_codes' can be set.",
  ],
  [{ tools: [{ google_search: {} }] }, "tools[0].type", "Missing key 'type' at 'tools[0]'."],
  [
    { tools: [{ type: "filesystem" }] },
    "tools[0].type",
    "The value 'filesystem' is not supported for 'type' at 'tools[0]'. Supported values: 'function', 'google_search', 'code_execution', 'url_context', 'google_maps', 'file_search', 'mcp_server', 'computer_use', 'retrieval'.",
  ],
  [
    { tools: [{ type: "function", name: "f", paramters: {} }] },
    "tools[0].paramters",
    "Unknown parameter 'paramters' at 'tools[0]'. Did you mean 'parameters'?",
  ],
  [{ tools: [{ type: "tool_search" }] }, "tools[0].type", /^The value 'tool_search' is not supported for 'type' at/],
  [
    { tools: [{ type: "function", name: "f", defer_loading: "yes" }] },
    "tools[0].defer_loading",
    "Invalid value at 'tools[0].defer_loading': expected true or false, received the string 'yes'.",
  ],
  ...["", "1f", "a b", "größe", "x".repeat(65)].map((name): [JsonObject, string, RegExp] => [
    { tools: [{ type: "function", name }] },
    "tools[0].name",
    /^Invalid value at 'tools\[0\]\.name': must be 1 to 64 letters, digits, '_', '\.', ':' or '-', the first a letter or '_', received/,
  ]),
  [{ tools: [{ type: "function" }] }, "tools[0].name", "Missing key 'name' at 'tools[0]'."],
  [
    { tools: [{ function_declarations: [{ name: "a" }, { name: 5 }] }] },
    "tools[0].function_declarations[1].name",
    "Invalid value at 'tools[0].function_declarations[1].name': expected a string, received 5.",
  ],
  [
    { response_format: { type: "json_schema" } },
    "response_format.type",
    "The value 'json_schema' is not supported for 'type' at 'response_format'. Supported values: 'text', 'image', 'audio', 'video'.",
  ],
  [
    { response_format: { type: "nonsense" }, response_mime_type: "application/json" },
    "response_format.type",
    "Not a usable JSON schema at 'response_format': its 'type' is 'nonsense'. Supported values: object, array, string, number, integer, boolean, null.",
  ],
  [
    { response_mime_type: "json" },
    "response_mime_type",
    "Invalid value at 'response_mime_type': must be a type and a subtype, such as 'image/png', received the string 'json'.",
  ],
  [
    { response_format: { type: "image", mime_type: "png" } },
    "response_format.mime_type",
    "Invalid value at 'response_format.mime_type': must be a type and a subtype, such as 'image/png', received the string 'png'.",
  ],
  [
    { response_format: [{ type: "text" }, { type: "image", image_sise: "1K" }] },
    "response_format[1].image_sise",
    "Unknown parameter 'image_sise' at 'response_format[1]'. Did you mean 'image_size'?",
  ],
  [
    { response_modalities: ["document"] },
    "response_modalities[0]",
    "Invalid enum value 'document' at 'response_modalities[0]'. Supported values: text, image, audio, video.",
  ],
  [{ labels: { Team: "x" } }, "labels.Team", /^Invalid key 'Team' at 'labels': must start with a lower-case letter/],
  [
    { labels: { team: "X" } },
    "labels.team",
    /^Invalid value at 'labels\.team': must have at most 63 lower-case letters/,
  ],
  [
    { safety_settings: [{ category: "harassment", threshold: "block_none" }] },
    "safety_settings[0].type",
    "Missing key 'type' at 'safety_settings[0]'.",
  ],
  [{ environment: 3 }, "environment", "Invalid value at 'environment': expected a string or an object, received 3."],
];

describe("a member is refused", () => {
  it.each(members)("in %j", (body, field, message) => {
    const refusal = refusalOfCreate(body);
    expect(refusal.field).toBe(field);
    if (typeof message === "string") expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });

  it("without repeating all of what was sent", () => {
    const name = "x".repeat(10_000_000);
    expect(refusalOfCreate({ [name]: 1 }).message.length).toBeLessThan(200);
    expect(refusalOfCreate({ input: [{ type: name }] }).message.length).toBeLessThan(1200);
    expect(refusalOfCreate({ generation_config: { tool_choice: name } }).message.length).toBeLessThan(300);
    expect(refusalOfCreate({ generation_config: { [name]: 1 } }).field).toBe(`generation_config.${"x".repeat(80)}…`);
    expect(refusalOfCreate({ input: [{ type: "image", uri: name }] }).message.length).toBeLessThan(300);
    expect(refusalOfCreate({ labels: { [name]: "a" } }).message.length).toBeLessThan(300);
    expect(refusalOfCreate({ tools: [{ type: "mcp_server", headers: { [name]: 1 } }] }).message.length).toBeLessThan(
      300,
    );
  });
});
