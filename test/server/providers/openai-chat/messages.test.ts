import { describe, expect, it } from "vitest";
import { mcpFunctionName } from "../../../../schema/core/mcp-function-name.ts";
import type { Step, ToolOutcome } from "../../../../schema/core/step.ts";
import { buildRequest } from "../../../../server/providers/openai-chat/request.ts";
import {
  answering,
  type ChatTarget,
  callingFunction,
  localTarget,
  messagesFor,
  resulting,
  smallImage,
  wireCall,
} from "../../../cases/chat-messages.ts";
import { callOf, saying } from "../../../cases/provider.ts";

describe("a conversation in messages", () => {
  it("has one message for each side's turn", () => {
    const { messages, degradations } = messagesFor(
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
    const { body } = buildRequest(callOf("m", "Hello", { system_instruction: "Be short." }), localTarget);
    expect(body.messages).toEqual([
      { role: "system", content: "Be short." },
      { role: "user", content: "Hello" },
    ]);
  });

  it("has text and calls of a turn in one message, and every result right after it", () => {
    const { messages } = messagesFor(
      [saying("Both?"), answering("I look."), callingFunction("a", "f", { x: 1 }), callingFunction("b")],
      [resulting("b"), resulting("a", { type: "json", json: { ok: true } })],
    );
    expect(messages.slice(1)).toEqual([
      { role: "assistant", content: "I look.", tool_calls: [wireCall("a", "f", '{"x":1}'), wireCall("b")] },
      { role: "tool", tool_call_id: "a", content: '{"ok":true}' },
      { role: "tool", tool_call_id: "b", content: "of b" },
    ]);
  });

  it("has results before what the user said with them", () => {
    const { messages } = messagesFor(
      [saying("Go"), callingFunction("a")],
      [saying("Here:"), resulting("a"), saying("Well?")],
    );
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
    const { messages } = messagesFor([
      saying("Go"),
      callingFunction("a"),
      resulting("a"),
      callingFunction("b"),
      resulting("b"),
      answering("Done."),
    ]);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "tool", "assistant"]);
  });

  it("tells the model that a call without a result has none", () => {
    const { messages, degradations } = messagesFor(
      [saying("Go"), callingFunction("a"), callingFunction("b"), resulting("a")],
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
    const { messages, degradations } = messagesFor([saying("Go"), cut], [resulting("gone")]);
    expect(messages).toEqual([
      { role: "user", content: "Go" },
      { role: "assistant", content: expect.stringContaining('{"x') },
      { role: "user", content: expect.stringContaining("of gone") },
    ]);
    expect(degradations.map(({ field }) => field)).toEqual(["history[1]", "input[0]"]);
  });

  it("tells media of a result as the user's, who says whose they are", () => {
    const result: ToolOutcome = { type: "content", content: [{ type: "text", text: "See:" }, smallImage] };
    const { messages, degradations } = messagesFor(
      [saying("Go"), callingFunction("a", "camera")],
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
    expect(messagesFor([saying("Go"), callingFunction("a")], [failed]).messages[2]?.content).toMatch(/failed.*no net/);
  });

  it("tells calls that the hub made of an MCP server's tools as calls of functions", () => {
    const tool = { tool: "mcp_server" as const, call_id: "m", name: "search", server_name: "docs" };
    const { messages } = messagesFor([
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
    const { messages, degradations } = messagesFor([
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

  it("tells an smallImage that a model made as the user's", () => {
    const { messages, degradations } = messagesFor(
      [saying("Paint"), { type: "model_output", content: [{ type: "text", text: "Here:" }, smallImage] }],
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
    const { messages, degradations } = messagesFor([film, cited], [saying("And?")]);
    expect(messages[0]?.content).toContain("gs://bucket/film.mp4");
    expect(degradations.map(({ field }) => field)).toEqual(["history[0].content[0]", "history[1]"]);
  });

  it("replaces ids that are too long, come twice, or are not of Mistral's kind", () => {
    const long = "x".repeat(60);
    const steps = [
      saying("Go"),
      callingFunction(long),
      callingFunction("a"),
      callingFunction("a"),
      resulting("a"),
      resulting(long),
      resulting("a"),
    ];
    const ids = (where?: ChatTarget) =>
      messagesFor(steps, [], where).messages.flatMap(({ tool_call_id }) =>
        tool_call_id === undefined ? [] : [tool_call_id],
      );
    expect(ids()).toEqual(["call00000", "a", "call00002"]);
    expect(ids({ name: "mistral", base_url: "https://api.mistral.ai/v1" })).toEqual([
      "call00000",
      "call00001",
      "call00002",
    ]);
  });
});
