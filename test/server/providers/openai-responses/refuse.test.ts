import { describe, expect, it } from "vitest";
import type { Settings } from "../../../../schema/core/settings.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { refuse } from "../../../../server/providers/openai-responses/refuse.ts";
import { callOf } from "../../../cases/provider.ts";

const judged = (settings: Settings) => refuse(callOf("m", "Hello", settings), "vendor");
const f = { type: "function" as const, name: "f" };

describe("what the upstream cannot honour", () => {
  it.each<[string, Settings]>([
    ["service_tier", { service_tier: "deferred" }],
    [
      "tools[1].search_types[1]",
      { tools: [f, { type: "google_search", search_types: ["web_search", "image_search"] }] },
    ],
    ["tools[0].file_search_store_names", { tools: [{ type: "file_search" }] }],
    [
      "tools[0].metadata_filter",
      { tools: [{ type: "file_search", file_search_store_names: ["vs"], metadata_filter: "a = 1" }] },
    ],
    ["tools[0]", { tools: [{ type: "url_context" }] }],
    ["generation_config.tool_choice", { generation_config: { tool_choice: "any" } }],
    [
      "generation_config.tool_choice.allowed_tools.tools[1]",
      { tools: [f], generation_config: { tool_choice: { allowed_tools: { tools: ["f", "g"] } } } },
    ],
    ["response_format.mime_type", { response_format: [{ type: "text", mime_type: "text/x.enum" }] }],
    ["response_format.schema", { response_format: [{ type: "text", mime_type: "text/plain", schema: {} }] }],
    ["response_format[1]", { response_format: [{ type: "text" }, { type: "text" }] }],
    ["response_format.mime_type", { response_format: [{ type: "image", mime_type: "image/gif" }] }],
    ["response_format.delivery", { response_format: [{ type: "image", delivery: "uri" }] }],
    ["generation_config.stop_sequences", { generation_config: { stop_sequences: ["END"] } }],
  ])("is refused with its path and the upstream's name: %s", (field, settings) => {
    expect(judged(settings)).toMatchObject({ field, message: expect.stringContaining("'vendor'") });
  });

  it.each<[string, Step]>([
    [
      "input[0].content[1]",
      {
        type: "user_input",
        content: [
          { type: "text", text: "Hear" },
          { type: "audio", data: "UklGRg==" },
        ],
      },
    ],
    ["input[0].content[0].uri", { type: "user_input", content: [{ type: "image", uri: "gs://bucket/a.png" }] }],
    [
      "input[0].result[0]",
      {
        type: "tool_result",
        tool: "function",
        call_id: "c",
        result: { type: "content", content: [{ type: "video", data: "AAAA" }] },
      },
    ],
  ])("is refused in what is said now: %s", (field, step) => {
    const call: ModelCall = { ...callOf("m", ""), input: [step] };
    expect(refuse(call, "vendor")).toMatchObject({ field, message: expect.stringContaining("'vendor'") });
  });

  it.each<[string, Settings]>([
    ["no stop sequences", { generation_config: { stop_sequences: [] } }],
    ["tools of an MCP server", { tools: [{ type: "mcp_server", name: "s", url: "https://a.example" }] }],
    [
      "a choice among them, whose names only the hub knows",
      {
        tools: [{ type: "mcp_server", name: "s", url: "https://a.example" }],
        generation_config: { tool_choice: { allowed_tools: { tools: ["s__look"] } } },
      },
    ],
    ["a text and an image", { response_format: [{ type: "text" }, { type: "image", mime_type: "image/jpeg" }] }],
  ])("does not comprise %s", (_, settings) => {
    expect(judged(settings)).toBeUndefined();
  });
});
