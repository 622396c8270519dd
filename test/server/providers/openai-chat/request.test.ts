import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { GenerationConfig, ResponseFormat, Settings } from "../../../../schema/core/settings.ts";
import type { FunctionTool, ToolChoice } from "../../../../schema/core/tool.ts";
import { buildRequest } from "../../../../server/providers/openai-chat/request.ts";
import { type ChatTarget, localTarget, openaiTarget } from "../../../cases/chat-messages.ts";
import { callOf } from "../../../cases/provider.ts";

function bodyFor(settings: Settings, target: ChatTarget = localTarget, text = "Hello") {
  const { body, degradations } = buildRequest(callOf("tiny", text, settings), target);
  const { model: _model, messages, stream: _stream, stream_options: _options, ...rest } = body;
  return { body: rest as JsonObject, messages, degradations };
}

const f: FunctionTool = {
  type: "function",
  name: "f",
  description: "Does it.",
  parameters: { type: "OBJECT", properties: { x: { type: "STRING", nullable: true } } },
};
const closed: FunctionTool = {
  type: "function",
  name: "closed",
  parameters: { type: "object", properties: {}, required: [], additionalProperties: false },
};
const bare: FunctionTool = { type: "function", name: "bare" };

describe("a request", () => {
  it("always asks for a stream with usage", () => {
    expect(buildRequest(callOf("tiny", "Hello"), localTarget).body).toEqual({
      model: "tiny",
      messages: [{ role: "user", content: "Hello" }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it.each<[string, GenerationConfig, object, object]>([
    [
      "sampling",
      { temperature: 0.1, top_p: 0.2, seed: 3 },
      { temperature: 0.1, top_p: 0.2, seed: 3 },
      { temperature: 0.1, top_p: 0.2, seed: 3 },
    ],
    [
      "penalties",
      { presence_penalty: -1, frequency_penalty: 1 },
      { presence_penalty: -1, frequency_penalty: 1 },
      { presence_penalty: -1, frequency_penalty: 1 },
    ],
    ["stop sequences", { stop_sequences: ["a", "b"] }, { stop: ["a", "b"] }, { stop: ["a", "b"] }],
    ["no stop sequences", { stop_sequences: [] }, {}, {}],
    [
      "a limit, which OpenAI calls otherwise",
      { max_output_tokens: 9 },
      { max_tokens: 9 },
      { max_completion_tokens: 9 },
    ],
    [
      "thinking",
      { thinking_level: "high", thinking_summaries: "auto" },
      { reasoning_effort: "high" },
      { reasoning_effort: "high" },
    ],
  ])("has %s", (_, generation_config, expected, expectedOfOpenai) => {
    expect(bodyFor({ generation_config })).toMatchObject({ body: expected, degradations: [] });
    expect(bodyFor({ generation_config }).body).toEqual(expected);
    expect(bodyFor({ generation_config }, openaiTarget).body).toEqual(expectedOfOpenai);
  });

  it("has functions with schemas that everybody reads", () => {
    expect(bodyFor({ tools: [f, bare] }).body).toEqual({
      tools: [
        {
          type: "function",
          function: {
            name: "f",
            description: "Does it.",
            parameters: { type: "object", properties: { x: { type: ["string", "null"] } } },
          },
        },
        { type: "function", function: { name: "bare", parameters: { type: "object", properties: {} } } },
      ],
    });
  });

  it("has names of functions that everybody takes", () => {
    const tools: FunctionTool[] = [
      { type: "function", name: "api.get:x" },
      { type: "function", name: "api_get_x" },
    ];
    const { body, names } = buildRequest(callOf("tiny", "Hi", { tools }), localTarget);
    const wire = (body.tools ?? []).map((tool) => (tool.type === "function" ? tool.function.name : ""));
    expect(wire).toEqual(["api_get_x_2", "api_get_x"]);
    expect(wire.map((name) => names.fromWire(name))).toEqual(["api.get:x", "api_get_x"]);
  });

  const choose = (tool_choice: ToolChoice, target?: ChatTarget, tools: FunctionTool[] = [f, closed]) => {
    const { body, degradations } = bodyFor({ tools, generation_config: { tool_choice } }, target);
    const offered = Array.isArray(body.tools)
      ? body.tools.map((tool) => (tool as { function: { name: string } }).function.name)
      : [];
    return { offered, choice: body.tool_choice, parallel: body.parallel_tool_calls, degradations, tools: body.tools };
  };

  it("lets the model choose, demands a call, or offers nothing", () => {
    expect(choose("auto")).toMatchObject({ offered: ["f", "closed"], choice: "auto", degradations: [] });
    expect(choose("any")).toMatchObject({ offered: ["f", "closed"], choice: "required", degradations: [] });
    expect(choose("none")).toMatchObject({ offered: [], choice: undefined, degradations: [] });
    expect(choose("auto", localTarget, [])).toMatchObject({ offered: [], choice: undefined });
  });

  it("offers only the allowed functions, except to OpenAI, which is told", () => {
    const allowed: ToolChoice = { allowed_tools: { mode: "any", tools: ["closed"] } };
    expect(choose(allowed)).toMatchObject({ offered: ["closed"], choice: "required", degradations: [] });
    expect(choose(allowed, openaiTarget)).toMatchObject({
      offered: ["f", "closed"],
      choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "closed" } }] },
      },
      degradations: [],
    });
    expect(choose({ allowed_tools: { mode: "none" } })).toMatchObject({ offered: [] });
    const gone = choose({ allowed_tools: { mode: "any", tools: ["gone"] } });
    expect(gone).toMatchObject({ offered: [], degradations: [{ field: "generation_config.tool_choice" }] });
    expect(choose({ allowed_tools: { tools: ["f"] } })).toMatchObject({ offered: ["f"], choice: "auto" });
  });

  it("has validated calls where OpenAI can hold to the schema, and else tells that it is a wish", () => {
    expect(choose("validated", openaiTarget, [closed])).toMatchObject({
      choice: "auto",
      parallel: false,
      degradations: [],
      tools: [{ function: { strict: true } }],
    });
    const mixed = choose("validated", openaiTarget);
    expect(mixed.degradations).toMatchObject([{ field: "generation_config.tool_choice" }]);
    expect(mixed.tools).toMatchObject([{ function: { name: "f" } }, { function: { name: "closed", strict: true } }]);
    expect(choose("validated").degradations).toMatchObject([{ field: "generation_config.tool_choice" }]);
  });

  const format = (response_format: ResponseFormat[], text?: string, system_instruction?: string) =>
    bodyFor(
      { response_format, ...(system_instruction === undefined ? {} : { system_instruction }) },
      localTarget,
      text,
    );

  it("has a format: text, JSON, or JSON by a schema, strict where that can be", () => {
    expect(format([{ type: "text" }]).body).toEqual({});
    expect(format([{ type: "text", mime_type: "text/plain" }]).body).toEqual({});
    const loose = { type: "OBJECT", properties: { n: { type: "INTEGER" } } };
    expect(format([{ type: "text", mime_type: "application/json", schema: loose }]).body.response_format).toEqual({
      type: "json_schema",
      json_schema: {
        name: "answer",
        schema: { type: "object", properties: { n: { type: "integer" } } },
        strict: false,
      },
    });
    const strict = {
      title: "My Answer!",
      type: "object",
      properties: { n: { type: "integer" } },
      required: ["n"],
      additionalProperties: false,
    };
    expect(format([{ type: "text", schema: strict }]).body.response_format).toMatchObject({
      json_schema: { name: "My_Answer_", strict: true },
    });
  });

  it("speaks of JSON where it wants some, for the API demands that", () => {
    const json: ResponseFormat[] = [{ type: "text", mime_type: "application/json" }];
    expect(format(json)).toMatchObject({
      body: { response_format: { type: "json_object" } },
      messages: [{ role: "system", content: "Answer with JSON." }, {}],
    });
    expect(format(json, "Hi", "Be short.").messages[0]).toEqual({
      role: "system",
      content: "Be short.\n\nAnswer with JSON.",
    });
    expect(format(json, "As json, please").messages).toHaveLength(1);
  });

  it("has a tier only at OpenAI, and tells where it has none", () => {
    expect(bodyFor({ service_tier: "standard" }, openaiTarget)).toMatchObject({
      body: { service_tier: "default" },
      degradations: [],
    });
    expect(bodyFor({ service_tier: "flex" })).toMatchObject({ body: {}, degradations: [{ field: "service_tier" }] });
  });

  it("tells that a deferred function was told at once", () => {
    expect(bodyFor({ tools: [bare, { ...f, defer_loading: true }] }).degradations).toMatchObject([
      { field: "tools[1].defer_loading" },
    ]);
  });
});
