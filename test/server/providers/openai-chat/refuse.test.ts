import { describe, expect, it } from "vitest";
import type { Content } from "../../../../schema/core/content.ts";
import type { GenerationConfig, ResponseFormat, Settings } from "../../../../schema/core/settings.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { Tool } from "../../../../schema/core/tool.ts";
import { refuse } from "../../../../server/providers/openai-chat/refuse.ts";
import { type ChatTarget, localTarget, openaiTarget } from "../../../cases/chat-messages.ts";
import { saying } from "../../../cases/provider.ts";

const refusing = (settings: Settings, input: Step[] = [saying("Hello")], target: ChatTarget = localTarget) =>
  refuse({ model: "m", input, settings }, target);
const configured = (generation_config: GenerationConfig, target?: ChatTarget) =>
  refusing({ generation_config }, undefined, target);
const offering = (...tools: Tool[]) => refusing({ tools });
const formatted = (...response_format: ResponseFormat[]) => refusing({ response_format });
const showing = (content: Content, target?: ChatTarget) =>
  refusing({}, [saying("See:"), { type: "user_input", content: [{ type: "text", text: "x" }, content] }], target);

describe("a call that chat completions cannot honour is refused", () => {
  it.each<[string, ReturnType<typeof refuse>]>([
    ["agent_config", refusing({ agent_config: { type: "x" } })],
    ["environment", refusing({ environment: "e" })],
    ["safety_settings", refusing({ safety_settings: [] })],
    ["webhook_config", refusing({ webhook_config: {} })],
    ["future", refusing({ extra: { future: 1 } })],
    ["generation_config.speech_config", configured({ speech_config: [] })],
    ["generation_config.transcription_config", configured({ transcription_config: {} })],
    ["generation_config.video_config", configured({ video_config: {} })],
    ["generation_config.future", configured({ extra: { future: 1 } })],
    ["tools[0]", offering({ type: "google_search" })],
    ["tools[1]", offering({ type: "function", name: "f" }, { type: "code_execution" })],
    ["tools[0]", offering({ type: "url_context" })],
    ["tools[0]", offering({ type: "google_maps" })],
    ["tools[0]", offering({ type: "file_search" })],
    ["tools[0]", offering({ type: "computer_use" })],
    ["tools[0]", offering({ type: "retrieval" })],
    ["tools[0]", offering({ type: "other", raw: { type: "new_tool" } })],
    ["response_format", formatted({ type: "image" })],
    ["response_format[1]", formatted({ type: "text" }, { type: "audio" })],
    ["response_format[1]", formatted({ type: "text" }, { type: "text" })],
    ["response_format.mime_type", formatted({ type: "text", mime_type: "text/x.enum" })],
    ["input[1].content[1]", showing({ type: "video", mime_type: "video/mp4", data: "AAAA" })],
    ["input[1].content[1].uri", showing({ type: "image", uri: "gs://bucket/1.png" })],
    [
      "input[1].content[1].uri",
      showing({ type: "document", uri: "https://generativelanguage.googleapis.com/v1beta/files/abc" }),
    ],
    ["input[1].content[1].uri", showing({ type: "image", uri: "https://www.youtube.com/watch?v=x" })],
    ["input[1].content[1].mime_type", showing({ type: "audio", mime_type: "audio/l16; rate=24000", data: "AAAA" })],
    ["input[1].content[1]", showing({ type: "other", raw: { type: "hologram" } })],
    [
      "input[1].result[0]",
      refusing({}, [
        saying("x"),
        {
          type: "tool_result",
          tool: "function",
          call_id: "a",
          result: { type: "content", content: [{ type: "video", data: "AAAA" }] },
        },
      ]),
    ],
  ])("at %s", (field, refusal) => {
    expect(refusal).toEqual({ field, message: expect.stringContaining("'local'") });
  });

  it("because it names an agent", () => {
    expect(refuse({ agent: "deep-research", input: [], settings: {} }, localTarget)).toMatchObject({ field: "agent" });
  });

  it("because nothing may be called that must be, or what is allowed is not declared", () => {
    expect(configured({ tool_choice: "any" })).toMatchObject({ field: "generation_config.tool_choice" });
    const tools: Tool[] = [{ type: "function", name: "f" }];
    const allow = (...names: string[]) =>
      refusing({ tools, generation_config: { tool_choice: { allowed_tools: { mode: "any", tools: names } } } });
    expect(allow("f", "g")).toMatchObject({ field: "generation_config.tool_choice.allowed_tools.tools[1]" });
    expect(allow()).toMatchObject({ field: "generation_config.tool_choice" });
    expect(allow("f")).toBeUndefined();
    const served: Tool[] = [{ type: "mcp_server", name: "s", url: "https://mcp.example" }];
    expect(refusing({ tools: served, generation_config: { tool_choice: "any" } })).toBeUndefined();
  });

  it("by OpenAI's own limits only at OpenAI", () => {
    const stops: GenerationConfig = { stop_sequences: ["a", "b", "c", "d", "e"] };
    expect(configured(stops)).toBeUndefined();
    expect(configured(stops, openaiTarget)).toEqual({
      field: "generation_config.stop_sequences",
      message: expect.stringContaining("'openai'"),
    });
    const list: Settings = {
      response_format: [{ type: "text", schema: { type: "ARRAY", items: { type: "STRING" } } }],
    };
    expect(refusing(list)).toBeUndefined();
    expect(refusing(list, undefined, openaiTarget)).toMatchObject({ field: "response_format.schema" });
    const flac: Content = { type: "audio", mime_type: "audio/flac", data: "ZkxhQw==" };
    expect(showing(flac)).toBeUndefined();
    expect(showing(flac, openaiTarget)).toMatchObject({ field: "input[1].content[1].mime_type" });
    const sheet: Content = { type: "document", mime_type: "application/vnd.ms-excel", data: "AAAA" };
    expect(showing(sheet)).toBeUndefined();
    expect(showing(sheet, openaiTarget)).toMatchObject({ field: "input[1].content[1].mime_type" });
  });
});
