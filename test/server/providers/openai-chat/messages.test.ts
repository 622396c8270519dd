import { describe, expect, it } from "vitest";
import type { Content } from "../../../../schema/core/content.ts";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { mcpFunctionName } from "../../../../schema/core/mcp-function-name.ts";
import type { Step, ToolOutcome } from "../../../../schema/core/step.ts";
import type { ModelCall } from "../../../../schema/provider.ts";
import { sealReasoning } from "../../../../server/providers/openai-chat/reasoning.ts";
import { buildRequest } from "../../../../server/providers/openai-chat/request.ts";
import { callOf, saying } from "../../../cases/provider.ts";

const target = { name: "local", base_url: "http://127.0.0.1:1/v1" };
const openai = { name: "openai" };

/** The messages that a conversation becomes, and what was told of it. */
function told(history: Step[], input: Step[] = [], where: { name: string; base_url?: string } = target) {
  const call: ModelCall = { model: "m", history, input, settings: {} };
  const { body, degradations } = buildRequest(call, where);
  return { messages: body.messages as unknown as JsonObject[], degradations };
}

const answering = (...texts: string[]): Step => ({
  type: "model_output",
  content: texts.map((text) => ({ type: "text", text })),
});
const calling = (call_id: string, name = "f", args: JsonObject = {}): Step => ({
  type: "tool_call",
  tool: "function",
  call_id,
  name,
  arguments: args,
});
const resulting = (call_id: string, result: ToolOutcome = { type: "text", text: `of ${call_id}` }): Step => ({
  type: "tool_result",
  tool: "function",
  call_id,
  result,
});
const image: Content = { type: "image", mime_type: "image/png", data: "iVBORw0KGgo=" };
const wireCall = (id: string, name = "f", args = "{}"): object => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

describe("a conversation in messages", () => {
  it("has one message for each side's turn", () => {
    const { messages, degradations } = told(
      [saying("Hello"), answering("Hi", " there")],
      [saying("How"), saying("are you?")],
    );
    expect(messages).toEqual([
      { role: "user", content: "Hello" },
      { role: "assistant", content: "Hi there" },
      {
        role: "user",
        content: [
          { type: "text", text: "How" },
          { type: "text", text: "are you?" },
        ],
      },
    ]);
    expect(degradations).toEqual([]);
  });

  it("begins with the system's instruction", () => {
    const { body } = buildRequest(callOf("m", "Hello", { system_instruction: "Be short." }), target);
    expect(body.messages).toEqual([
      { role: "system", content: "Be short." },
      { role: "user", content: "Hello" },
    ]);
  });

  it("has text and calls of a turn in one message, and every result right after it", () => {
    const { messages } = told(
      [saying("Both?"), answering("I look."), calling("a", "f", { x: 1 }), calling("b")],
      [resulting("b"), resulting("a", { type: "json", json: { ok: true } })],
    );
    expect(messages.slice(1)).toEqual([
      { role: "assistant", content: "I look.", tool_calls: [wireCall("a", "f", '{"x":1}'), wireCall("b")] },
      { role: "tool", tool_call_id: "a", content: '{"ok":true}' },
      { role: "tool", tool_call_id: "b", content: "of b" },
    ]);
  });

  it("has results before what the user said with them", () => {
    const { messages } = told([saying("Go"), calling("a")], [saying("Here:"), resulting("a"), saying("Well?")]);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
    expect(messages[3]).toEqual({
      role: "user",
      content: [
        { type: "text", text: "Here:" },
        { type: "text", text: "Well?" },
      ],
    });
  });

  it("has a message for every round of calls", () => {
    const { messages } = told([
      saying("Go"),
      calling("a"),
      resulting("a"),
      calling("b"),
      resulting("b"),
      answering("Done."),
    ]);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "tool", "assistant"]);
  });

  it("tells the model that a call without a result has none", () => {
    const { messages, degradations } = told(
      [saying("Go"), calling("a"), calling("b"), resulting("a")],
      [saying("Never mind")],
    );
    expect(messages.slice(2)).toEqual([
      { role: "tool", tool_call_id: "a", content: "of a" },
      { role: "tool", tool_call_id: "b", content: expect.stringContaining("No result") },
      { role: "user", content: "Never mind" },
    ]);
    expect(degradations).toEqual([{ field: "history[2]", message: expect.stringContaining("no result") }]);
  });

  it("tells results of unknown calls, and calls whose arguments were cut, as text", () => {
    const cut: Step = { type: "tool_call", tool: "function", call_id: "c", name: "f", arguments_text: '{"x' };
    const { messages, degradations } = told([saying("Go"), cut], [resulting("gone")]);
    expect(messages).toEqual([
      { role: "user", content: "Go" },
      { role: "assistant", content: expect.stringContaining('{"x') },
      { role: "user", content: expect.stringContaining("of gone") },
    ]);
    expect(degradations.map(({ field }) => field)).toEqual(["history[1]", "input[0]"]);
  });

  it("tells media of a result as the user's, who says whose they are", () => {
    const result: ToolOutcome = { type: "content", content: [{ type: "text", text: "See:" }, image] };
    const { messages, degradations } = told(
      [saying("Go"), calling("a", "camera")],
      [resulting("a", result), saying("What is it?")],
    );
    expect(messages.slice(2)).toEqual([
      { role: "tool", tool_call_id: "a", content: "See:" },
      {
        role: "user",
        content: [
          { type: "text", text: expect.stringMatching(/'camera'.*'a'/) },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
          { type: "text", text: "What is it?" },
        ],
      },
    ]);
    expect(degradations).toEqual([]);
  });

  it("tells that a function failed", () => {
    const failed: Step = {
      type: "tool_result",
      tool: "function",
      call_id: "a",
      result: { type: "text", text: "no net" },
      is_error: true,
    };
    expect(told([saying("Go"), calling("a")], [failed]).messages[2]?.content).toMatch(/failed.*no net/);
  });

  it("tells calls that the hub made of an MCP server's tools as calls of functions", () => {
    const tool = { tool: "mcp_server" as const, call_id: "m", name: "search", server_name: "docs" };
    const { messages } = told([
      saying("Go"),
      { type: "tool_call", ...tool, arguments: { q: "x" } },
      { type: "tool_result", ...tool, result: { type: "text", text: "found" } },
      answering("Done."),
    ]);
    expect(messages.slice(1, 3)).toEqual([
      { role: "assistant", content: null, tool_calls: [wireCall("m", mcpFunctionName("docs", "search"), '{"q":"x"}')] },
      { role: "tool", tool_call_id: "m", content: "found" },
    ]);
  });

  it("tells another vendor's tools as text of the model", () => {
    const { messages, degradations } = told([
      saying("Who won?"),
      { type: "tool_call", tool: "google_search", call_id: "s", arguments: { queries: ["who won"] } },
      {
        type: "tool_result",
        tool: "google_search",
        call_id: "s",
        result: { type: "json", json: [{ search_suggestions: "<b>" }] },
      },
      answering("They did."),
    ]);
    expect(messages).toEqual([
      { role: "user", content: "Who won?" },
      { role: "assistant", content: expect.stringMatching(/who won.*\nThey did\.$/) },
    ]);
    expect(degradations.map(({ field }) => field)).toEqual(["history[1]", "history[2]"]);
  });

  it("tells an image that a model made as the user's", () => {
    const { messages, degradations } = told(
      [saying("Paint"), { type: "model_output", content: [{ type: "text", text: "Here:" }, image] }],
      [saying("Bigger")],
    );
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(JSON.stringify(messages[2])).toContain("iVBORw0KGgo=");
    expect(degradations.map(({ field }) => field)).toEqual(["history[1]"]);
  });

  it("tells that sources and unreadable media were left out", () => {
    const cited: Step = {
      type: "model_output",
      content: [{ type: "text", text: "So.", annotations: [{ type: "url_citation", url: "https://a.example" }] }],
    };
    const film: Step = {
      type: "user_input",
      content: [{ type: "video", mime_type: "video/mp4", uri: "gs://bucket/film.mp4" }],
    };
    const { messages, degradations } = told([film, cited], [saying("And?")]);
    expect(messages[0]?.content).toContain("gs://bucket/film.mp4");
    expect(degradations.map(({ field }) => field)).toEqual(["history[0].content[0]", "history[1]"]);
  });

  it("replaces ids that are too long, come twice, or are not of Mistral's kind", () => {
    const long = "x".repeat(60);
    const steps = [
      saying("Go"),
      calling(long),
      calling("a"),
      calling("a"),
      resulting("a"),
      resulting(long),
      resulting("a"),
    ];
    const ids = (where?: { name: string; base_url?: string }) =>
      told(steps, [], where).messages.flatMap(({ tool_call_id }) => (tool_call_id === undefined ? [] : [tool_call_id]));
    expect(ids()).toEqual(["call00000", "a", "call00002"]);
    expect(ids({ name: "mistral", base_url: "https://api.mistral.ai/v1" })).toEqual([
      "call00000",
      "call00001",
      "call00002",
    ]);
  });
});

describe("thoughts of earlier turns", () => {
  const own = (as: "reasoning_content" | "reasoning" | "think", text: string): Step => ({
    type: "thought",
    summary: [{ type: "text", text }],
    signature: sealReasoning("local", { as, text }, true),
  });
  const foreign: Step = { type: "thought", signature: { value: "c2ln", provider: "gemini" } };

  it("go back in the words in which they came where tools were called, also later, and nowhere else", () => {
    const { messages, degradations } = told(
      [
        saying("One"),
        own("reasoning_content", "Plain."),
        answering("1"),
        saying("Two"),
        own("reasoning_content", "Use f."),
        calling("a"),
        resulting("a"),
        own("reasoning", "Got it."),
        answering("2"),
      ],
      [saying("Three")],
    );
    expect(messages.filter(({ role }) => role === "assistant")).toEqual([
      { role: "assistant", content: "1" },
      { role: "assistant", content: null, reasoning_content: "Use f.", tool_calls: [wireCall("a")] },
      { role: "assistant", content: "2", reasoning: "Got it." },
    ]);
    expect(degradations).toEqual([]);
  });

  it("go back in their tag or as blocks", () => {
    const details = [{ type: "reasoning.encrypted", data: "AAAA" }];
    const sealed: Step = {
      type: "thought",
      signature: sealReasoning("local", { as: "reasoning_details", text: "", details }, true),
    };
    const [, tagged, , , blocks] = told(
      [
        saying("Go"),
        own("think", "Use f."),
        calling("a"),
        resulting("a"),
        answering("x"),
        saying("Go on"),
        sealed,
        calling("b"),
      ],
      [resulting("b")],
    ).messages.filter(({ role }) => role !== "tool");
    expect(tagged).toMatchObject({ content: "<think>\nUse f.\n</think>" });
    expect(blocks).toMatchObject({ content: null, reasoning_details: details });
  });

  it("of another upstream are left out, which is told once", () => {
    const { messages, degradations } = told(
      [saying("Go"), foreign, calling("a"), resulting("a"), foreign, answering("x")],
      [saying("?")],
    );
    expect(JSON.stringify(messages)).not.toContain("c2ln");
    expect(degradations).toEqual([{ field: "history[1]", message: expect.stringContaining("2 thoughts") }]);
  });
});

describe("media of the user", () => {
  const show = (content: Content, where = target) => told([], [{ type: "user_input", content: [content] }], where);

  it.each<[string, Content, object]>([
    ["an image by data", image, { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }],
    [
      "an image at a URI, in a resolution",
      { type: "image", uri: "https://images.example/1.png", resolution: "low" },
      { type: "image_url", image_url: { url: "https://images.example/1.png", detail: "low" } },
    ],
    [
      "sound",
      { type: "audio", mime_type: "audio/mpeg", data: "SUQz" },
      { type: "input_audio", input_audio: { data: "SUQz", format: "mp3" } },
    ],
    [
      "sound of unknown type",
      { type: "audio", data: "UklGRiQAAABXQVZF" },
      { type: "input_audio", input_audio: { data: "UklGRiQAAABXQVZF", format: "wav" } },
    ],
    [
      "sound that only some servers take",
      { type: "audio", mime_type: "audio/x-flac", data: "ZkxhQw==" },
      { type: "input_audio", input_audio: { data: "ZkxhQw==", format: "flac" } },
    ],
    [
      "a document",
      { type: "document", mime_type: "application/pdf", data: "JVBERi0=" },
      { type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
    ],
  ])("is said: %s", (_, content, part) => {
    expect(show(content)).toEqual({ messages: [{ role: "user", content: [part] }], degradations: [] });
  });

  it("is said as text where it is a text document", () => {
    const csv: Content = {
      type: "document",
      mime_type: "text/csv; charset=utf-8",
      data: Buffer.from("a,ü\n").toString("base64"),
    };
    expect(show(csv)).toEqual({ messages: [{ role: "user", content: "a,ü\n" }], degradations: [] });
  });

  it("tells of a resolution without a counterpart", () => {
    const { degradations } = show({ ...image, resolution: "medium" } as Content);
    expect(degradations).toEqual([
      { field: "input[0].content[0].resolution", message: expect.stringContaining("medium") },
    ]);
  });

  it("is only named, and told, where OpenAI does not take what was fetched", () => {
    const { messages, degradations } = show(
      { type: "audio", mime_type: "audio/flac", data: "ZkxhQw==" },
      openai as typeof target,
    );
    expect(JSON.stringify(messages)).not.toContain("ZkxhQw==");
    expect(degradations).toEqual([{ field: "input[0].content[0]", message: expect.stringContaining("audio/flac") }]);
  });
});
