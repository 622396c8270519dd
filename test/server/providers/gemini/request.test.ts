import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../../schema/core/json.ts";
import type { Step } from "../../../../schema/core/step.ts";
import { decodeCreate } from "../../../../schema/interactions/decode-create.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { toRequest } from "../../../../server/providers/gemini/request.ts";
import { callOf, saying } from "../../../cases/provider.ts";

const hi: JsonObject = { type: "user_input", content: [{ type: "text", text: "Hi" }] };
const old = "gemini-2.5-flash";

/** What is sent for a history, each step with who ran its interaction, and what is told of it. */
function sent(history: readonly [by: string, step: Step][], call: Partial<ModelCall> = {}) {
  const { input, degradations } = toRequest(
    {
      ...callOf(old, "Hi"),
      history: history.map(([, step]) => step),
      history_by: history.map(([by]) => by),
      ...call,
    },
    "google",
    { isAnchored: false },
  );
  return { steps: input.slice(0, -1), told: degradations };
}

function told(...fields: string[]): object[] {
  return fields.map((field) => ({ field, message: expect.stringContaining("'google'") }));
}

describe("a request", () => {
  const body = {
    model: "gemini-3.8-flash",
    input: [hi, { type: "future_call", id: "x", what: 1 }, { type: "message", body: [null] }],
    system_instruction: "Be brief.",
    tools: [
      { type: "function", name: "f", parameters: { type: "object" }, strict: true },
      { type: "google_search" },
      { type: "tool_search", depth: 2 },
    ],
    generation_config: { temperature: 0.5, top_k: 3, tool_choice: { allowed_tools: { mode: "any", tools: ["f"] } } },
    response_format: { type: "hologram" },
    labels: { team: "a" },
    service_tier: "flex",
    environment: { type: "remote", env: { KEY: "secret" } },
    future_member: { a: [1, null] },
  };

  it("goes to Google as the client said it, also what the hub does not know", () => {
    const { request } = decodeCreate(body, "steps");
    const { model = "", input, settings, store } = request;
    const call: ModelCall = { model, history: [], input, settings, store };
    expect(toRequest(call, "google", { isAnchored: false })).toEqual({
      body: { ...body, stream: true },
      input: body.input,
      degradations: [],
    });
  });

  it("says that nothing is to be stored, and that nobody waits, only where that is so", () => {
    const call = callOf(old, "Hi");
    const plain = { model: old, input: [hi], stream: true };
    const bodyOf = (members: Partial<ModelCall>) =>
      toRequest({ ...call, ...members }, "google", { isAnchored: false }).body;
    expect(bodyOf({ store: true, background: false })).toEqual(plain);
    expect(bodyOf({ store: false })).toEqual({ ...plain, store: false });
    expect(bodyOf({ background: true })).toEqual({ ...plain, background: true });
  });

  it("says only what Google has not heard, where it goes on by itself", () => {
    const history: Step[] = [saying("a"), saying("b"), saying("c")];
    const call: ModelCall = { ...callOf(old, "Hi", {}, history), anchor: { id: "v1_x", steps: 2 } };
    const anchored = toRequest(call, "google", { isAnchored: true }).body;
    expect(anchored).toMatchObject({ previous_interaction_id: "v1_x", input: [{ content: [{ text: "c" }] }, hi] });
    const replayed = toRequest(call, "google", { isAnchored: false }).body;
    expect(replayed.input).toHaveLength(4);
    expect(replayed).not.toHaveProperty("previous_interaction_id");
  });

  it("has no input where an agent goes on without a word", () => {
    const call: ModelCall = {
      agent: "a",
      history: [],
      input: [],
      settings: {},
      anchor: { id: "v1_x", steps: 0 },
    };
    expect(toRequest(call, "google", { isAnchored: true }).body).toEqual({
      agent: "a",
      previous_interaction_id: "v1_x",
      stream: true,
    });
  });
});

describe("a step of the chain", () => {
  const signature = (provider?: string) => ({ value: "QQ==", ...(provider === undefined ? {} : { provider }) });

  it.each<[what: string, step: Step, wire: JsonObject]>([
    ["a thought", { type: "thought", signature: signature("google") }, { type: "thought", signature: "QQ==" }],
    [
      "a search with an empty signature, that only held a place",
      {
        ...{ type: "tool_call", tool: "google_search", call_id: "s", arguments: { queries: ["q"] } },
        ...{ signature: { value: "", provider: "google" }, extra: { search_type: "web_search" } },
      } as Step,
      { type: "google_search_call", id: "s", arguments: { queries: ["q"] }, search_type: "web_search" },
    ],
    [
      "a result without a signature",
      { type: "tool_result", tool: "file_search", call_id: "s" },
      { type: "file_search_result", call_id: "s" },
    ],
    [
      "a step of a tool that the hub does not know",
      { type: "tool_call", tool: "other", call_id: "b", raw: { type: "bash_call", id: "b" }, extra: { command: "ls" } },
      { type: "bash_call", id: "b", command: "ls" },
    ],
    [
      "words with members that only Google knows",
      { type: "model_output", content: [{ type: "text", text: "a", extra: { mood: 1 } }], extra: { more: 2 } },
      { type: "model_output", content: [{ type: "text", text: "a", mood: 1 }], more: 2 },
    ],
  ])("that Google made goes back as it came: %s", (_what, step, wire) => {
    expect(sent([["google", step]])).toEqual({ steps: [wire], told: [] });
  });

  it("is not given the thoughts of others, which is told", () => {
    expect(
      sent([
        ["other", { type: "thought", summary: [{ type: "text", text: "Hm." }] }],
        ["other", { type: "thought", signature: signature("other") }],
        // Somebody else's, although the client told it to Google.
        ["google", { type: "thought", signature: signature("other") }],
        ["google", { type: "thought", signature: { value: "eyJzZWFsZWQiOjF9" } }],
      ]),
    ).toEqual({ steps: [], told: told("history[0]", "history[1]", "history[2]", "history[3]") });
  });

  it("is given as text where another vendor's tool made it", () => {
    const call: Step = { type: "tool_call", tool: "google_search", call_id: "s", arguments: { queries: ["q"] } };
    expect(sent([["other", call]])).toEqual({
      steps: [{ type: "model_output", content: [{ type: "text", text: "[Google Search was asked: q]" }] }],
      told: told("history[0]"),
    });
  });

  it("is given without what only others know", () => {
    const step: Step = {
      type: "model_output",
      content: [
        {
          ...{ type: "text", text: "a", extra: { logprobs: [] } },
          annotations: [
            { type: "url_citation", url: "https://a.example", start_index: 0, end_index: 1, rank: 1 },
            { type: "file_path", path: "a" },
          ],
        },
        { type: "other", raw: { type: "hologram" } },
      ],
      extra: { item: "msg_1" },
    };
    const { steps, told: degradations } = sent([["other", step]]);
    expect(steps).toEqual([
      {
        type: "model_output",
        content: [
          {
            ...{ type: "text", text: "a" },
            annotations: [{ type: "url_citation", url: "https://a.example", start_index: 0, end_index: 1 }],
          },
        ],
      },
    ]);
    expect(degradations).toHaveLength(1);
    for (const name of ["'item'", "'logprobs'", "'rank'", "'file_path'", "'hologram'"])
      expect(degradations[0]?.message).toContain(name);
  });

  it("of an MCP server is a function's, unless Google itself called it for an agent", () => {
    const call: Step = {
      ...{ type: "tool_call", tool: "mcp_server", call_id: "m", name: "tool", server_name: "server", arguments: {} },
      signature: { value: "", provider: "google" },
    } as Step;
    const result: Step = {
      ...{ type: "tool_result", tool: "mcp_server", call_id: "m", name: "tool", server_name: "server" },
      result: { type: "json", json: [1, 2] },
    } as Step;
    expect(
      sent([
        ["other", call],
        ["other", result],
      ]),
    ).toEqual({
      steps: [
        { type: "function_call", id: "m", name: "server__tool", arguments: {} },
        { type: "function_result", call_id: "m", name: "server__tool", result: "[1,2]" },
      ],
      told: [],
    });
    expect(sent([["google", call]]).steps).toMatchObject([{ type: "function_call", name: "server__tool" }]);
    const { model: _model, ...agent } = { ...callOf(old, "Hi"), agent: "antigravity-preview-09-2026" };
    const asked = { ...agent, history: [call], history_by: ["google"] };
    expect(toRequest(asked, "google", { isAnchored: false }).input[0]).toMatchObject({ type: "mcp_server_tool_call" });
  });

  it("of a call whose arguments were cut is text", () => {
    const cut: Step = { type: "tool_call", tool: "function", call_id: "c", name: "f", arguments_text: '{"a":' };
    const { steps, told: degradations } = sent([["google", cut]]);
    expect(steps).toMatchObject([{ type: "model_output", content: [{ text: expect.stringContaining("'f'") }] }]);
    expect(degradations).toEqual(told("history[0]"));
  });

  it("that answers a call has its name, which a client need not say", () => {
    const call: Step = { type: "tool_call", tool: "function", call_id: "c", name: "f", arguments: {} };
    const input: Step[] = [
      { type: "tool_result", tool: "function", call_id: "c", result: { type: "text", text: "x" } },
      saying("Well?"),
    ];
    expect(sent([["google", call]], { input }).steps.at(-1)).toEqual({
      ...{ type: "function_result", call_id: "c", name: "f", result: "x" },
    });
  });
});

describe("a call without a signature", () => {
  const call = (id: string): Step => ({ type: "tool_call", tool: "function", call_id: id, name: "f", arguments: {} });
  const result = (id: string): Step =>
    ({
      ...{ type: "tool_result", tool: "function", call_id: id, name: "f" },
      result: { type: "text", text: "x" },
    }) as Step;
  const thought: Step = { type: "thought", signature: { value: "QQ==", provider: "google" } };
  const typesOf = (model: string, ...history: Step[]): JsonValue[] => {
    const steps = sent(
      history.map((step) => ["google", step]),
      { model },
    ).steps;
    return steps.map(({ type, signature }) =>
      signature === "skip_thought_signature_validator" ? "excuse" : (type ?? null),
    );
  };

  it("gets before it what Google documents for calls of other models, once for calls side by side", () => {
    expect(typesOf("gemini-3.8-flash", saying("a"), call("1"), call("2"), result("1"), result("2"), call("3"))).toEqual(
      [
        ...["user_input", "excuse", "function_call", "function_call", "function_result", "function_result"],
        ...["excuse", "function_call"],
      ],
    );
  });

  it("gets nothing where the model has signed a thought before it, or knows no signatures", () => {
    const said: Step = { type: "model_output", content: [{ type: "text", text: "Wait." }] };
    expect(typesOf("gemini-3.8-flash", saying("a"), thought, said, call("1"))).not.toContain("excuse");
    expect(typesOf(old, saying("a"), call("1"))).not.toContain("excuse");
  });
});
