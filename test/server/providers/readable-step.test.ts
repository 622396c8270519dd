import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { Step, ToolName, ToolOutcome } from "../../../schema/core/step.ts";
import { readableStep } from "../../../server/providers/readable-step.ts";

const calling = (tool: ToolName, args: JsonObject, more: object = {}): Step => ({
  type: "tool_call",
  tool,
  call_id: "c",
  arguments: args,
  signature: { value: "c2VjcmV0" },
  ...more,
});
const resulting = (tool: ToolName, result: ToolOutcome | undefined, more: object = {}): Step => ({
  type: "tool_result",
  tool,
  call_id: "c",
  ...(result === undefined ? {} : { result }),
  signature: { value: "c2VjcmV0" },
  ...more,
});
const json = (value: JsonObject | JsonObject[]): ToolOutcome => ({ type: "json", json: value });

describe("a step in words", () => {
  it.each<[string, Step]>([
    ["[Google Search was asked: a; b]", calling("google_search", { queries: ["a", "b"] })],
    ["", resulting("google_search", json([{ search_suggestions: "<div>a</div>" }]))],
    ["[Code of python was run: \nprint(1)\n]", calling("code_execution", { language: "PYTHON", code: "print(1)" })],
    ["[Code execution answered: 1\n]", resulting("code_execution", { type: "text", text: "1\n" })],
    ["[Code execution failed: no]", resulting("code_execution", { type: "text", text: "no" }, { is_error: true })],
    ["[The page reader was given: https://a.example]", calling("url_context", { urls: ["https://a.example"] })],
    ['[The page reader answered: [{"status":"success"}]]', resulting("url_context", json([{ status: "success" }]))],
    [
      '[Google Maps answered: [{"places":[{"name":"Café"}]}]]',
      resulting("google_maps", json([{ places: [{ name: "Café" }], widget_context_token: "t" }])),
    ],
    ["[The file search was asked.]", calling("file_search", {})],
    ["[The file search was asked.]", { type: "tool_call", tool: "file_search", call_id: "c" }],
    ["", resulting("file_search", undefined)],
    ["[The file search failed.]", resulting("file_search", undefined, { is_error: true })],
    ['[The retrieval was asked: {"q":1}]', calling("retrieval", { q: 1 })],
    ["[The video processing was started.]", calling("processing", {})],
    [
      "[The tool 'find' of 'docs' was called with: {\"q\":1}]",
      calling("mcp_server", { q: 1 }, { name: "find", server_name: "docs" }),
    ],
    [
      "[The function 'f' was called with: {\"x]",
      { type: "tool_call", tool: "function", call_id: "c", name: "f", arguments_text: '{"x' },
    ],
    [
      "[The function 'f' answered: See:\n[image of type image/png]]",
      resulting(
        "function",
        {
          type: "content",
          content: [
            { type: "text", text: "See:" },
            { type: "image", mime_type: "image/png", data: "AAAA" },
          ],
        },
        { name: "f" },
      ),
    ],
    [
      '[future_call: {"note":"n"}]',
      {
        type: "tool_call",
        tool: "other",
        call_id: "c",
        raw: { type: "future_call", id: "c", note: "n", signature: "c2VjcmV0" },
      },
    ],
    [
      '[compaction: {"note":"n"}]',
      {
        type: "tool_call",
        tool: "other",
        call_id: "c",
        raw: { type: "compaction", note: "n", encrypted_content: "c2VjcmV0", thoughtSignature: "c2VjcmV0" },
      },
    ],
    [
      "Hi\nthere",
      {
        type: "user_input",
        content: [
          { type: "text", text: "Hi" },
          { type: "text", text: "there" },
        ],
      },
    ],
    ['[hologram: {"n":1}]', { type: "model_output", content: [{ type: "other", raw: { type: "hologram", n: 1 } }] }],
    ["Hm.", { type: "thought", summary: [{ type: "text", text: "Hm." }], signature: { value: "c2VjcmV0" } }],
    ["", { type: "thought", signature: { value: "c2VjcmV0" } }],
  ])("is %j", (words, step) => {
    expect(readableStep(step)).toBe(words);
  });
});
