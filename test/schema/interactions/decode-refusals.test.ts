import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../schema/core/json.ts";
import { refusalOfCreate } from "../../cases/refusal-of-create.ts";

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
    [{ type: "image", uri: "file:///etc/passwd" }],
    "input[0].uri",
    /^Unsupported file URI type: file:\/\/\/etc\/passwd\. /,
  ],
  [[{ type: "image", uri: "ftp://x/y.png" }], "input[0].uri", /^Unsupported file URI type: ftp:\/\/x\/y\.png\. /],
  [{ type: "image", uri: "https:" }, "input.uri", /^Unsupported file URI type: https:\. /],
  [
    [{ type: "image", data: "QUJD", mime_type: "png" }],
    "input[0].mime_type",
    "Invalid value at 'input[0].mime_type': must be a type and a subtype, such as 'image/png', received the string 'png'.",
  ],
  [
    [
      { type: "function_call", id: "c", name: "f", arguments: {} },
      { type: "function_result", call_id: "c", name: "g", result: "x" },
    ],
    "input[1].name",
    "Invalid value at 'input[1].name': expected 'f', the function of the call that it answers, received 'g'.",
  ],
  [
    [
      { role: "model", content: [{ type: "function_call", id: "c", name: "f", arguments: {} }] },
      { role: "user", content: [{ type: "function_result", call_id: "c", name: "g", result: "x" }] },
    ],
    "input[1].content[0].name",
    "Invalid value at 'input[1].content[0].name': expected 'f', the function of the call that it answers, received 'g'.",
  ],
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
    const refusal = refusalOfCreate({ input });
    expect(refusal.field).toBe(field);
    if (typeof message === "string") expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });
});
