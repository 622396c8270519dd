import { describe, expect, it } from "vitest";
import type { Content } from "../../../../schema/core/content.ts";
import type { Step, ToolResult } from "../../../../schema/core/step.ts";
import { toRequest } from "../../../../server/providers/openai-responses/request.ts";
import { callOf } from "../../../cases/provider.ts";

const png = "iVBORw0KGgo=";

const resultOf = (call_id: string, more: Partial<ToolResult> = {}): Step => ({
  type: "tool_result",
  tool: "function",
  call_id,
  result: { type: "text", text: "ok" },
  ...more,
});
const callTo = (call_id: string, name = "f"): Step => ({
  type: "tool_call",
  tool: "function",
  call_id,
  name,
  arguments: { a: 1 },
});
const itemsOf = (...history: Step[]) => {
  const { body, degradations } = toRequest(callOf("m", "Hello", {}, history), "vendor");
  return { items: body.input.slice(0, -1), degradations };
};

describe("what was said before", () => {
  it.each<[string, Content, object, number]>([
    [
      "an image",
      { type: "image", data: png },
      { type: "input_image", image_url: `data:image/png;base64,${png}`, detail: "auto" },
      0,
    ],
    [
      "an image at a URI",
      { type: "image", uri: "https://a.example/b.png", resolution: "low" },
      { type: "input_image", image_url: "https://a.example/b.png", detail: "low" },
      0,
    ],
    [
      "an image of a resolution that is not known",
      { type: "image", data: png, resolution: "medium" },
      { type: "input_image" },
      1,
    ],
    [
      "a document",
      { type: "document", mime_type: "application/pdf", data: "JVBERi0=" },
      { type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
      0,
    ],
    [
      "a document at a URI",
      { type: "document", uri: "https://a.example/b.pdf" },
      { type: "input_file", file_url: "https://a.example/b.pdf" },
      0,
    ],
    [
      "a document of plain text",
      { type: "document", mime_type: "text/plain", data: Buffer.from("Hi").toString("base64") },
      { type: "input_text", text: "Hi" },
      0,
    ],
    [
      "sound",
      { type: "audio", mime_type: "audio/wav", data: "UklGRg==" },
      { type: "input_text", text: expect.stringContaining("audio/wav") },
      1,
    ],
    ["a film", { type: "video", uri: "https://a.example/b.mp4" }, { type: "input_text" }, 1],
    ["what only Google can read", { type: "image", uri: "gs://bucket/a.png" }, { type: "input_text" }, 1],
    [
      "something of an unknown type",
      { type: "other", raw: { type: "hologram", note: "deep" } },
      { type: "input_text", text: expect.stringContaining("deep") },
      1,
    ],
  ])("holds %s", (_, content, part, losses) => {
    const { items, degradations } = itemsOf({ type: "user_input", content: [content] });
    expect(items).toMatchObject([{ role: "user", content: [part] }]);
    expect(degradations).toHaveLength(losses);
    for (const { field } of degradations) expect(field).toBe("history[0]");
  });

  it.each<[string, Partial<ToolResult>, unknown]>([
    ["a text", {}, "ok"],
    ["JSON", { result: { type: "json", json: { a: [1] } } }, '{"a":[1]}'],
    ["a failure", { is_error: true }, '{"error":"ok"}'],
    ["a failure in JSON", { is_error: true, result: { type: "json", json: { a: 1 } } }, '{"error":{"a":1}}'],
    [
      "contents",
      {
        result: {
          type: "content",
          content: [
            { type: "text", text: "See" },
            { type: "image", data: png },
          ],
        },
      },
      [
        { type: "input_text", text: "See" },
        { type: "input_image", image_url: `data:image/png;base64,${png}`, detail: "auto" },
      ],
    ],
    [
      "contents of a failure",
      { is_error: true, result: { type: "content", content: [{ type: "text", text: "Oh" }] } },
      [
        { type: "input_text", text: "[The function failed.]" },
        { type: "input_text", text: "Oh" },
      ],
    ],
  ])("holds the result of a function: %s", (_, more, output) => {
    const { items, degradations } = itemsOf(callTo("c1"), resultOf("c1", more));
    expect(items).toEqual([
      { type: "function_call", call_id: "c1", name: "f", arguments: '{"a":1}' },
      { type: "function_call_output", call_id: "c1", output },
    ]);
    expect(degradations).toEqual([]);
  });

  it("holds the tools of an MCP server as functions", () => {
    const server = { tool: "mcp_server" as const, name: "find", server_name: "docs" };
    const { items, degradations } = itemsOf(
      { ...callTo("c1"), ...server } as Step,
      { ...resultOf("c1"), ...server } as Step,
    );
    expect(items).toMatchObject([
      { type: "function_call", name: "docs__find", call_id: "c1" },
      { type: "function_call_output", call_id: "c1" },
    ]);
    expect(degradations).toEqual([]);
  });

  it("gives each call its result and each result its call, and tells what was missing", () => {
    const { items, degradations } = itemsOf(resultOf("c0"), callTo("c1"), callTo("c2"), resultOf("c2"));
    expect(items).toMatchObject([
      { type: "message", role: "assistant" },
      { type: "function_call", call_id: "c1" },
      { type: "function_call_output", call_id: "c1", output: "[No result was given.]" },
      { type: "function_call", call_id: "c2" },
      { type: "function_call_output", call_id: "c2", output: "ok" },
    ]);
    expect(degradations.map(({ field }) => field)).toEqual(["history[0]", "history[1]"]);
  });

  it("gives every call an id of its own, also where another vendor gave none, the same, or a long one", () => {
    const long = "x".repeat(80);
    const { items, degradations } = itemsOf(
      ...["", "", "same", long].map((id) => callTo(id)),
      ...["", "", "same", long].map((id) => resultOf(id)),
      callTo("same"),
      resultOf("same"),
    );
    const ids = items.map((item) => String((item as { call_id?: string }).call_id));
    const calls = ids.filter((_, index) => items[index]?.type === "function_call");
    const results = ids.filter((_, index) => items[index]?.type === "function_call_output");
    expect(new Set(calls).size).toBe(5);
    expect(results).toEqual(calls);
    expect(ids.every((id) => id.length > 0 && id.length <= 64)).toBe(true);
    expect(degradations).toEqual([]);
  });

  it("gives a call that was cut as text", () => {
    const cut: Step = { type: "tool_call", tool: "function", call_id: "c", name: "f", arguments_text: '{"a":' };
    const { items, degradations } = itemsOf(cut);
    expect(items).toMatchObject([{ role: "assistant", content: [{ text: expect.stringContaining('{"a":') }] }]);
    expect(degradations).toMatchObject([{ field: "history[0]" }]);
  });

  it("shows the model an image that another vendor's made", () => {
    const { items, degradations } = itemsOf({
      type: "model_output",
      content: [
        { type: "text", text: "Look:" },
        { type: "image", data: png },
        { type: "text", text: "Nice?" },
      ],
    });
    expect(items).toMatchObject([
      { role: "assistant", content: [{ text: "Look:" }] },
      { role: "user", content: [{ type: "input_text" }, { type: "input_image" }] },
      { role: "assistant", content: [{ text: "Nice?" }] },
    ]);
    expect(degradations).toMatchObject([{ field: "history[0]" }]);
  });

  it("counts what the request itself repeats from the input", () => {
    const call = callOf("m", "Hello");
    const replayed: Step[] = [{ type: "thought", summary: [{ type: "text", text: "Hm" }] }, ...call.input];
    expect(toRequest({ ...call, input: replayed }, "vendor").degradations).toMatchObject([{ field: "input[0]" }]);
  });

  it("says nothing of a thought that holds nothing", () => {
    expect(itemsOf({ type: "thought" })).toEqual({ items: [], degradations: [] });
  });
});
