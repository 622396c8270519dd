import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Degradation } from "../../../../schema/core/degradation.ts";
import type { JsonObject } from "../../../../schema/core/json.ts";
import type { GenerationConfig } from "../../../../schema/core/settings.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { createOpenaiChatProvider } from "../../../../server/providers/openai-chat/provider.ts";
import { sealReasoning } from "../../../../server/providers/openai-chat/reasoning.ts";
import { recordedReply } from "../../../cases/chat-chunks.ts";
import { callOf, eventsOf, saying } from "../../../cases/provider.ts";
import { createTestContext, upstreamAt } from "../../../cases/provider-context.ts";
import { jsonResponse, type ReplayServer, startReplayServer } from "../../../cases/replay-server.ts";

const context = createTestContext();
const servers: ReplayServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
afterAll(() => context.close());

type Complaint = { status?: number; body: object };

/** A server that refuses what `judge` complains about, and what a provider sends to it. */
async function strict(judge: (body: JsonObject) => Complaint | undefined) {
  const server = await startReplayServer(({ json }) => {
    const complaint = judge(json as JsonObject);
    if (complaint === undefined) return { response: recordedReply("chat-length-stream") };
    return { response: jsonResponse(complaint.status ?? 400, complaint.body) };
  });
  servers.push(server);
  const provider = createOpenaiChatProvider(upstreamAt("openai-chat", `${server.url}/v1`), context);
  return {
    async ask(call: ModelCall): Promise<{ sent: JsonObject[]; told: Degradation[] }> {
      const before = server.requests.length;
      const events = await eventsOf(provider, call);
      const told = events.flatMap((event) => (event.type === "degraded" ? event.degradations : []));
      return { sent: server.requests.slice(before).map(({ json }) => json as JsonObject), told };
    },
  };
}

const configured = (generation_config: GenerationConfig): ModelCall => callOf("m", "Hello", { generation_config });

describe("a server that does not take a member of a request", () => {
  it.each<[string, GenerationConfig, string, Complaint, JsonObject, string[]]>([
    [
      "stream_options, as TGI once did",
      {},
      "stream_options",
      { status: 422, body: { error: "unknown field `stream_options`", error_type: "validation" } },
      {},
      [],
    ],
    [
      "max_tokens, as OpenAI's newer models do",
      { max_output_tokens: 9 },
      "max_tokens",
      {
        body: {
          error: {
            message:
              "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            type: "invalid_request_error",
            param: "max_tokens",
            code: "unsupported_parameter",
          },
        },
      },
      { max_completion_tokens: 9 },
      [],
    ],
    [
      "a temperature, as OpenAI's reasoning models do",
      { temperature: 0.5, top_p: 0.5 },
      "temperature",
      {
        body: {
          error: {
            message:
              "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) is supported.",
            param: "temperature",
            code: "unsupported_value",
          },
        },
      },
      { top_p: 0.5 },
      ["generation_config.temperature"],
    ],
    [
      "a seed, as FastAPI says it",
      { seed: 4 },
      "seed",
      {
        status: 422,
        body: { detail: [{ type: "extra_forbidden", loc: ["body", "seed"], msg: "Extra inputs are not permitted" }] },
      },
      {},
      ["generation_config.seed"],
    ],
    [
      "thinking, as Ollama says of most models",
      { thinking_level: "high" },
      "reasoning_effort",
      { body: { error: { message: '"tiny" does not support thinking', type: "api_error", param: null, code: null } } },
      {},
      ["generation_config.thinking_level"],
    ],
  ])("is asked without %s, and the next time at once", async (_, config, refused, complaint, expected, told) => {
    const { ask } = await strict((body) => (refused in body ? complaint : undefined));
    const first = await ask(configured(config));
    expect(first.sent).toHaveLength(2);
    expect(first.sent[1]).toMatchObject({ ...expected, model: "m" });
    expect(first.sent[1]).not.toHaveProperty(refused);
    expect(first.told.map(({ field }) => field)).toEqual(told);
    const second = await ask(configured(config));
    expect(second.sent).toEqual([first.sent[1]]);
    expect(second.told).toEqual(first.told);
  });

  it("is asked with the next level where it has no 'minimal'", async () => {
    const message = "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model.";
    const { ask } = await strict(({ reasoning_effort }) =>
      reasoning_effort === "minimal" ? { body: { error: { message } } } : undefined,
    );
    const { sent, told } = await ask(configured({ thinking_level: "minimal" }));
    expect(sent[1]).toMatchObject({ reasoning_effort: "low" });
    expect(told).toEqual([{ field: "generation_config.thinking_level", message: expect.stringContaining("'low'") }]);
  });

  it("is asked again for each of several members, and told the last word on each", async () => {
    const { ask } = await strict((body) => {
      const member = ["seed", "reasoning_effort", "stream_options"].find((name) => name in body);
      return member === undefined
        ? undefined
        : { body: { error: { message: `Unrecognized request argument supplied: ${member}` } } };
    });
    const { sent, told } = await ask(configured({ seed: 1, thinking_level: "minimal" }));
    expect(sent).toHaveLength(5);
    expect(told).toEqual([
      { field: "generation_config.seed", message: expect.any(String) },
      { field: "generation_config.thinking_level", message: expect.stringContaining("does not take") },
    ]);
  });

  it("is remembered by its model only", async () => {
    const { ask } = await strict(({ model, seed }) =>
      model === "m" && seed !== undefined ? { body: { error: { message: "unknown field: seed" } } } : undefined,
    );
    await ask(configured({ seed: 1 }));
    const other = await ask({ ...configured({ seed: 1 }), model: "other" });
    expect(other).toMatchObject({ sent: [{ seed: 1 }], told: [] });
  });

  it("is believed where it means the value, or something else", async () => {
    const { ask } = await strict(() => ({
      body: { error: { message: "max_tokens is too large: 100000. Seed is fine." } },
    }));
    await expect(ask(configured({ max_output_tokens: 100_000, seed: 1 }))).rejects.toMatchObject({
      code: "invalid_request",
    });
    const broken = await strict(() => ({ status: 500, body: { error: { message: "unknown field: seed" } } }));
    await expect(broken.ask(configured({ seed: 1 }))).rejects.toMatchObject({ code: "upstream_error" });
    expect(servers.map((server) => server.requests.length)).toEqual([1, 1]);
  });
});

describe("a server with an opinion on reasoning in the history", () => {
  const signature = sealReasoning("local", { as: "reasoning", text: "Use f." }, true);
  const history: ModelCall["history"] = [
    saying("Go"),
    { type: "thought", summary: [{ type: "text", text: "Use f." }], signature },
    { type: "tool_call", tool: "function", call_id: "a", name: "f", arguments: {} },
    { type: "tool_result", tool: "function", call_id: "a", result: { type: "text", text: "1" } },
  ];
  const callers = (body: JsonObject): JsonObject[] =>
    (body.messages as JsonObject[]).filter(({ tool_calls }) => tool_calls !== undefined);

  it("gets an empty one with calls that another upstream made", async () => {
    const message = "The `reasoning_content` in the thinking mode must be passed back to the API.";
    const { ask } = await strict((body) =>
      callers(body).every(({ reasoning_content }) => reasoning_content !== undefined)
        ? undefined
        : { body: { error: { message } } },
    );
    const foreign = history.filter(({ type }) => type !== "thought");
    const { sent, told } = await ask(callOf("m", "And?", {}, foreign));
    expect(callers(sent[1] ?? {})).toMatchObject([{ reasoning_content: "" }]);
    expect(told).toEqual([]);
  });

  it("gets none where it refuses it, which is told", async () => {
    const message = "'messages.1' : for 'role:assistant' the property 'reasoning' is unsupported";
    const { ask } = await strict((body) =>
      callers(body).some(({ reasoning }) => reasoning !== undefined) ? { body: { error: { message } } } : undefined,
    );
    const { sent, told } = await ask(callOf("m", "And?", { generation_config: { thinking_level: "low" } }, history));
    expect(callers(sent[0] ?? {})).toMatchObject([{ reasoning: "Use f." }]);
    expect(sent[1]).toMatchObject({ reasoning_effort: "low" });
    expect(told).toEqual([{ field: "history", message: expect.any(String) }]);
  });
});
