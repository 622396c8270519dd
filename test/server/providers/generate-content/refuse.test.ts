import { describe, expect, it } from "vitest";
import type { Settings } from "../../../../schema/core/settings.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { refuseCall } from "../../../../server/providers/generate-content/refuse.ts";
import { saying } from "../../../cases/provider.ts";

function refusalOf(settings: Settings, call: Partial<ModelCall> = {}) {
  return refuseCall({ model: "gemini-3.8-flash", input: [saying("Hi")], settings, ...call }, "gemini");
}

const paint = { type: "function", name: "paint" } as const;

describe("a call that generateContent cannot honour", () => {
  it.each<[string, Settings, Partial<ModelCall>]>([
    ["agent", {}, { agent: "deep-research" }],
    ["agent_config", { agent_config: { type: "dynamic" } }, {}],
    ["environment", { environment: "remote" }, {}],
    ["webhook_config", { webhook_config: {} }, {}],
    ["service_tier", { service_tier: "deferred" }, {}],
    ["safety_settings[0].method", { safety_settings: [{ type: "harassment", method: "severity" }] }, {}],
    ["future_member", { extra: { future_member: 1 } }, {}],
    ["generation_config.future_member", { generation_config: { extra: { future_member: 1 } } }, {}],
    ["generation_config.video_config", { generation_config: { video_config: { task: "edit" } } }, {}],
    [
      "generation_config.transcription_config.mode.diarization_mode",
      { generation_config: { transcription_config: { mode: { type: "verbatim", diarization_mode: "room" } } } },
      {},
    ],
    ["tools[1]", { tools: [paint, { type: "retrieval" }] }, {}],
    ["tools[0]", { tools: [{ type: "other", raw: { type: "time_machine" } }] }, {}],
    ["tools[0].search_types[1]", { tools: [{ type: "google_search", search_types: ["web_search", "smell"] }] }, {}],
    ["tools[0].file_search_store_names", { tools: [{ type: "file_search" }] }, {}],
    ["generation_config.tool_choice", { generation_config: { tool_choice: "any" } }, {}],
    [
      "generation_config.tool_choice.allowed_tools.tools[0]",
      { tools: [paint], generation_config: { tool_choice: { allowed_tools: { tools: ["draw"] } } } },
      {},
    ],
    ["response_format", { response_format: [{ type: "video" }] }, {}],
    ["response_format[1]", { response_format: [{ type: "image" }, { type: "image" }] }, {}],
    ["response_format.delivery", { response_format: [{ type: "image", delivery: "uri" }] }, {}],
    [
      "input[0].content[0]",
      {},
      { input: [{ type: "user_input", content: [{ type: "other", raw: { type: "hologram" } }] }] },
    ],
  ])("is refused at %s, in the upstream's name", (field, settings, call) => {
    expect(refusalOf(settings, call)).toEqual({ field, message: expect.stringContaining("The upstream 'gemini' ") });
  });

  it.each([
    "gemini-2.0-flash?x=1",
    "gemini-2.0-flash#a",
    "gemini-2.0-flash/../x",
    "gemini-2.0-..",
    "a/%2e%2e/b",
    "a//b",
    "",
  ])("is one of a model that would lead elsewhere: %s", (model) => {
    expect(refusalOf({}, { model })).toMatchObject({ field: "model" });
  });

  it.each(["gemini-2.0-flash-001", "models/gemma-3-27b-it", "tunedModels/my_model-1.5"])("is none of %s", (model) => {
    expect(refusalOf({}, { model })).toBeUndefined();
  });

  it("is none where the tools of an MCP server may have the names that are chosen", () => {
    const choice: Settings["generation_config"] = {
      tool_choice: { allowed_tools: { mode: "any", tools: ["s__find"] } },
    };
    const tools: Settings["tools"] = [{ type: "mcp_server", name: "s", url: "https://mcp.example" }];
    expect(refusalOf({ tools, generation_config: choice })).toBeUndefined();
    expect(refusalOf({ tools: [paint], generation_config: choice })).toBeDefined();
  });
});
