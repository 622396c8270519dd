import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import { decodeCreate } from "../../../schema/interactions/decode-create.ts";

function refusalOf(body: JsonObject): { field: string | undefined; message: string } {
  try {
    decodeCreate({ model: "m", input: "hi", ...body }, "steps");
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    expect(error.code).toBe("invalid_request");
    return { field: error.field, message: error.message };
  }
  throw new Error("it was not refused");
}

const mangled =
  "If this comes from google-genai 2.9 to 2.11 for Python: its role/content turns are not supported," +
  " use user_input/model_output steps.";

const inputs: [input: JsonValue, field: string, message: string | RegExp][] = [
  ["", "input", "Request has empty input."],
  [[], "input", "Request has empty input."],
  [[{ type: "text", text: "" }], "input", "Request has empty input."],
  [[{ role: "user", content: [] }], "input", "Request has empty input."],
  [5, "input", "Invalid value at 'input': expected a string, an object or an array, received 5."],
  [["hi"], "input[0]", "Invalid value at 'input[0]': expected an object, received the string 'hi'."],
  [[{ text: "hi" }], "input[0].type", "Missing key 'type' at 'input[0]'."],
  [[{ type: 7 }], "input[0].type", "Invalid value at 'input[0].type': expected a string, received 7."],
  [
    [{ type: "functon_call", id: "c" }],
    "input[0].type",
    /^The value 'functon_call' is not supported for 'type' at 'input\[0\]'\. Supported values: 'text', .*'processing_result'\. Did you mean 'function_call'\?$/,
  ],
  [[{ type: "message" }], "input[0].type", /^The value 'message' is not supported for 'type' at 'input\[0\]'\./],
  [
    [
      {
        type: "user_input",
        content: [
          { type: "text", text: "a" },
          { type: "txet", text: "b" },
        ],
      },
    ],
    "input[0].content[1].type",
    "The value 'txet' is not supported for 'type' at 'input[0].content[1]'. Supported values: 'text', 'image', 'audio', 'video', 'document'. Did you mean 'text'?",
  ],
  [
    [
      { type: "text", text: "a" },
      { type: "user_input", content: [{ type: "text", text: 5 }] },
    ],
    "input[1].content[0].text",
    "Invalid value at 'input[1].content[0].text': expected a string, received 5.",
  ],
  [[{ type: "text" }], "input[0].text", "Missing key 'text' at 'input[0]'."],
  [
    [{ type: "user_input", content: [{ type: "image" }, { type: "image" }] }],
    "input[0].content[0]",
    `Invalid value at 'input[0].content[0]': expected exactly one of 'data' and 'uri', received neither. ${mangled}`,
  ],
  [
    [{ type: "user_input", content: [{ type: "text", text: null }] }],
    "input[0].content[0].text",
    `Invalid value at 'input[0].content[0].text': expected a string, received null. ${mangled}`,
  ],
  [
    [{ type: "image", data: "QUJD", uri: "https://x/y.png" }],
    "input[0]",
    "Invalid value at 'input[0]': expected exactly one of 'data' and 'uri', received both.",
  ],
  [
    [{ type: "image", data: "QU JD" }],
    "input[0].data",
    "Invalid value at 'input[0].data': expected base64, received a string that is none.",
  ],
  [
    [{ type: "image", data: "data:image/png;base64,QUJD" }],
    "input[0].data",
    "Invalid value at 'input[0].data': expected base64, received a data: URL (send only what follows its comma).",
  ],
  [
    [{ type: "image", data: "" }],
    "input[0].data",
    "Invalid value at 'input[0].data': expected base64, received an empty string.",
  ],
  [[{ type: "image", uri: "data:image/png;base64,QUJD" }], "input[0].uri", /^Unsupported file URI type: data:image/],
  [
    [{ type: "document", uri: "files/abc" }],
    "input[0].uri",
    /^Unsupported file URI type: files\/abc\. File URI must be/,
  ],
  [
    [{ type: "function_call", id: "c", name: "f", arguments: '{"a":1}' }],
    "input[0].arguments",
    "Invalid value at 'input[0].arguments': expected an object, received the string '{\"a\":1}'.",
  ],
  [[{ type: "function_call", id: "c" }], "input[0].name", "Missing key 'name' at 'input[0]'."],
  [[{ type: "function_call", name: "f" }], "input[0].id", "Missing key 'id' at 'input[0]'."],
  [[{ type: "function_result", result: "x" }], "input[0].call_id", "Missing key 'call_id' at 'input[0]'."],
  [[{ type: "function_result", call_id: "c" }], "input[0].result", "Missing key 'result' at 'input[0]'."],
  [
    [{ role: "user", content: [{ type: "function_result", call_id: "c" }] }],
    "input[0].content[0].result",
    "Missing key 'result' at 'input[0].content[0]'.",
  ],
  [
    [{ type: "function_result", call_id: "c", result: [{ degrees: 21 }] }],
    "input[0].result",
    "Invalid value at 'input[0].result': expected a string, an object or an array of contents (text, image, audio, video, document), received an array of other values.",
  ],
  [[{ type: "mcp_server_tool_result", call_id: "c", result: 5 }], "input[0].result", /received 5\.$/],
  [
    [{ role: "assistant", content: "x" }],
    "input[0].role",
    "Invalid enum value 'assistant' at 'input[0].role'. Supported values: user, model.",
  ],
  [
    [{ role: "user", parts: [{ text: "x" }] }],
    "input[0].parts",
    "Unknown parameter 'parts' at 'input[0]'. Did you mean 'content'?",
  ],
  [[{ role: "user" }], "input[0].content", "Missing key 'content' at 'input[0]'."],
  [
    [{ type: "user_input", content: [{ type: "function_call", id: "c", name: "f" }] }],
    "input[0].content[0].type",
    /^The value 'function_call' is not supported for 'type' at 'input\[0\]\.content\[0\]'/,
  ],
];

describe("an input is refused", () => {
  it.each(inputs)("when it is %j", (input, field, message) => {
    const refusal = refusalOf({ input });
    expect(refusal.field).toBe(field);
    if (typeof message === "string") expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });
});

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
    const refusal = refusalOf(body);
    expect(refusal.field).toBe(field);
    if (typeof message === "string") expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });

  it("without repeating all of what was sent", () => {
    const name = "x".repeat(10_000_000);
    expect(refusalOf({ [name]: 1 }).message.length).toBeLessThan(200);
    expect(refusalOf({ input: [{ type: name }] }).message.length).toBeLessThan(1200);
    expect(refusalOf({ generation_config: { tool_choice: name } }).message.length).toBeLessThan(300);
  });
});
