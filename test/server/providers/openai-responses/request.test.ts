import { describe, expect, it } from "vitest";
import type { Settings } from "../../../../schema/core/settings.ts";
import type { Step } from "../../../../schema/core/step.ts";
import type { Tool } from "../../../../schema/core/tool.ts";
import { toRequest } from "../../../../server/providers/openai-responses/request.ts";
import { callOf, saying } from "../../../cases/provider.ts";

const weather: Tool = {
  type: "function",
  name: "get_weather",
  description: "Tells it.",
  parameters: { type: "OBJECT", properties: { city: { type: "STRING" } } },
};
const strict: Tool = {
  type: "function",
  name: "lookup",
  parameters: {
    type: "object",
    properties: { q: { type: "string" } },
    required: ["q"],
    additionalProperties: false,
  },
};

const bodyFor = (settings: Settings, history: Step[] = []) =>
  toRequest(callOf("gpt-x", "Hello", settings, history), "vendor");

describe("a request", () => {
  it("says nothing that was not asked for", () => {
    expect(bodyFor({})).toMatchObject({
      body: {
        model: "gpt-x",
        input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] }],
        include: ["reasoning.encrypted_content"],
        store: false,
        stream: true,
      },
      degradations: [],
    });
    expect(Object.keys(bodyFor({}).body).sort()).toEqual(["include", "input", "model", "store", "stream"]);
  });

  it.each<[string, Settings, object]>([
    ["the system instruction", { system_instruction: "Be brief." }, { instructions: "Be brief." }],
    [
      "how to generate",
      {
        generation_config: {
          temperature: 0.2,
          top_p: 0.9,
          max_output_tokens: 99,
          thinking_level: "minimal",
          thinking_summaries: "auto",
        },
      },
      {
        temperature: 0.2,
        top_p: 0.9,
        max_output_tokens: 99,
        reasoning: { effort: "minimal", summary: "auto" },
      },
    ],
    ["the tier, by its other name", { service_tier: "standard" }, { service_tier: "default" }],
    [
      "JSON by a schema, as one that is held to where it can be",
      {
        response_format: [
          {
            type: "text",
            mime_type: "application/json",
            schema: { type: "OBJECT", properties: { a: { type: "STRING", nullable: true } }, required: ["a"] },
          },
        ],
      },
      {
        text: {
          format: {
            type: "json_schema",
            name: "answer",
            strict: false,
            schema: { type: "object", properties: { a: { type: ["string", "null"] } }, required: ["a"] },
          },
        },
      },
    ],
    [
      "functions, with schemas in the API's words",
      { tools: [weather, strict] },
      {
        tools: [
          {
            type: "function",
            name: "get_weather",
            description: "Tells it.",
            strict: false,
            parameters: { type: "object", properties: { city: { type: "string" } } },
          },
          { type: "function", name: "lookup", strict: true },
        ],
      },
    ],
    [
      "the upstream's own tools, and that they tell what they find",
      {
        tools: [
          { type: "google_search" },
          { type: "code_execution" },
          { type: "file_search", file_search_store_names: ["vs_1"], top_k: 3 },
        ],
      },
      {
        tools: [
          { type: "web_search" },
          { type: "code_interpreter", container: { type: "auto" } },
          { type: "file_search", vector_store_ids: ["vs_1"], max_num_results: 3 },
        ],
        include: [
          "reasoning.encrypted_content",
          "web_search_call.action.sources",
          "code_interpreter_call.outputs",
          "file_search_call.results",
        ],
      },
    ],
    [
      "an image, and demands it where nothing else may come",
      { response_format: [{ type: "image", mime_type: "image/webp", aspect_ratio: "3:2" }] },
      {
        tools: [{ type: "image_generation", size: "1536x1024", output_format: "webp" }],
        tool_choice: { type: "image_generation" },
      },
    ],
  ])("says %s", (_, settings, expected) => {
    const { body, degradations } = bodyFor(settings);
    expect(body).toMatchObject(expected);
    expect(degradations).toEqual([]);
  });

  it.each([
    ["auto" as const, "auto"],
    ["any" as const, "required"],
    ["none" as const, "none"],
    [{ allowed_tools: { mode: "any" as const } }, "required"],
    [{ allowed_tools: { mode: "none" as const, tools: ["lookup"] } }, "none"],
    [
      { allowed_tools: { tools: ["lookup"] } },
      { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "lookup" }] },
    ],
  ])("lets the model choose: %j", (tool_choice, expected) => {
    const settings: Settings = { tools: [weather, strict], generation_config: { tool_choice } };
    expect(bodyFor(settings).body.tool_choice).toEqual(expected);
  });

  it("calls functions by names that the API takes, everywhere the same", () => {
    const named = (name: string): Tool => ({ type: "function", name });
    const tools = [named("db.read"), named("db_read")];
    const called: Step = { type: "tool_call", tool: "function", call_id: "c", name: "db.read", arguments: {} };
    const choice = { allowed_tools: { tools: ["db.read"] } };
    const { body, names } = bodyFor({ tools, generation_config: { tool_choice: choice } }, [called]);
    expect(body.tools).toMatchObject([{ name: "db_read_2" }, { name: "db_read" }]);
    expect(body.tool_choice).toMatchObject({ tools: [{ name: "db_read_2" }] });
    expect(body.input[0]).toMatchObject({ type: "function_call", name: "db_read_2" });
    expect(names.fromWire("db_read_2")).toBe("db.read");
  });

  it("speaks of JSON where JSON is asked for and nobody has spoken of it", () => {
    const settings: Settings = { response_format: [{ type: "text", mime_type: "application/json" }] };
    expect(bodyFor(settings).body.input).toMatchObject([{ role: "system", content: "Answer in JSON." }, {}]);
    expect(bodyFor(settings).body.text).toEqual({ format: { type: "json_object" } });
    expect(bodyFor(settings, [saying("I want Json")]).body.input).toHaveLength(2);
  });

  it.each<[string, Settings]>([
    ["generation_config.seed", { generation_config: { seed: 1 } }],
    ["generation_config.presence_penalty", { generation_config: { presence_penalty: 1 } }],
    ["generation_config.tool_choice", { tools: [weather], generation_config: { tool_choice: "validated" } }],
    ["response_format.aspect_ratio", { response_format: [{ type: "image", aspect_ratio: "16:9" }] }],
    ["response_format.image_size", { response_format: [{ type: "image", image_size: "4K" }] }],
    ["tools[0].defer_loading", { tools: [{ ...weather, defer_loading: true }] }],
  ])("tells what became of %s", (field, settings) => {
    expect(bodyFor(settings).degradations).toMatchObject([{ field }]);
  });
});
