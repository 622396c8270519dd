import { describe, expect, it } from "vitest";
import type { Step } from "../../../../schema/core/step.ts";
import { saying } from "../../../cases/provider.ts";
import { kindsOf, readAnswer, recordedChunks } from "../../../cases/read-answer.ts";

describe("what a recorded answer becomes", () => {
  it("is a text, with the signature of its empty end after it, and what it cost", () => {
    const answer = readAnswer(recordedChunks("text"));
    expect(answer.status).toBe("completed");
    expect(answer.output).toEqual([
      { type: "model_output", content: [{ type: "text", text: "fixture ok" }] },
      { type: "thought", signature: { value: expect.stringMatching(/^EqkECq/), provider: "gemini" } },
    ]);
    expect(answer.usage).toEqual({
      total_tokens: 103,
      total_input_tokens: 7,
      input_tokens_by_modality: [{ modality: "text", tokens: 7 }],
      total_cached_tokens: 0,
      total_output_tokens: 2,
      total_tool_use_tokens: 0,
      total_thought_tokens: 94,
    });
  });

  it("is a thought with the pieces of its summary, and the signature of the text before the text", () => {
    const { output } = readAnswer(recordedChunks("thoughts"));
    expect(output.map((step) => step.type)).toEqual(["thought", "thought", "model_output"]);
    const [summary, signature, text] = output;
    expect(summary).toMatchObject({ summary: [{ text: expect.stringContaining("Clarifying") }, {}, {}, {}] });
    expect(summary).not.toHaveProperty("signature");
    expect(signature).toEqual({
      type: "thought",
      signature: { value: expect.stringMatching(/^CiIB/), provider: "gemini" },
    });
    expect(text).toMatchObject({ content: [{ type: "text", text: expect.stringMatching(/^This is.*see you\.$/s) }] });
  });

  it("is a call that the client must answer, with its own id and signature", () => {
    const answer = readAnswer(recordedChunks("function-call-turn1"));
    expect(answer.status).toBe("requires_action");
    expect(answer.output).toEqual([
      {
        type: "tool_call",
        tool: "function",
        call_id: "96c1su3s",
        name: "get_user_country",
        arguments: {},
        signature: { value: expect.stringMatching(/^EpIDCo8D/), provider: "gemini" },
      },
    ]);
  });

  it("is a call with an id that is new in the chain where the upstream gives none", () => {
    const chunks = recordedChunks("function-call-without-id");
    const called = (call_id: string): Step => ({ type: "tool_call", tool: "function", call_id, name: "f" });
    const idAfter = (...before: Step[]) =>
      readAnswer(chunks, before).output.map((step) => "call_id" in step && step.call_id);
    expect(idAfter()).toEqual(["call_1"]);
    expect(idAfter(saying("Hi"), called("call_1"))).toEqual(["call_2"]);
    expect(idAfter(called("call_2"))).toEqual(["call_3"]);
    expect(readAnswer(chunks).output).toMatchObject([{ name: "get_capital", arguments: { country: "France" } }]);
  });

  it("is code that was run and what it printed, under the id of the code", () => {
    const answer = readAnswer(recordedChunks("code-execution"));
    expect(kindsOf(answer)).toEqual([
      "tool_call code_execution",
      "tool_result code_execution",
      "model_output",
      "thought",
    ]);
    expect(answer.output).toMatchObject([
      {
        call_id: "8xju7mua",
        arguments: { language: "python", code: expect.stringContaining("print(result)") },
        signature: { value: expect.stringMatching(/^EqADCp0D/), provider: "gemini" },
      },
      { call_id: "8xju7mua", result: { type: "text", text: "-428330955.97745\n" }, is_error: false },
      { content: [{ text: expect.stringContaining("-428,330,955.97745") }] },
      {},
    ]);
    expect(answer.usage).toMatchObject({ total_tokens: 783, total_tool_use_tokens: 360, total_output_tokens: 108 });
  });

  it("is a search that only the metadata tell of, after the text whose spans its sources support", () => {
    const answer = readAnswer(recordedChunks("google-search-metadata"));
    expect(kindsOf(answer)).toEqual(["model_output", "tool_call google_search", "tool_result google_search"]);
    const [output, call, result] = answer.output;
    expect(call).toMatchObject({ arguments: { queries: [expect.stringContaining("San Francisco")] } });
    expect(result).toMatchObject({ result: { json: [{ search_suggestions: expect.stringContaining("<div") }] } });
    if (output?.type !== "model_output" || output.content[0]?.type !== "text") throw new Error("no text");
    const { text, annotations = [] } = output.content[0];
    const spans = annotations.map(({ start_index, end_index }) =>
      Buffer.from(text).toString("utf8", start_index, end_index),
    );
    expect(annotations[0]).toMatchObject({ type: "url_citation", title: expect.stringContaining("Weather") });
    expect(spans[0]).toBe(
      "As of Tuesday afternoon, the temperature is around 69°F (21°C), with a real feel of about 76°F (24°C) and humidity at approximately 68%.",
    );
  });

  it("is a search told by its parts, once, with their signatures", () => {
    const answer = readAnswer(recordedChunks("google-search-parts"));
    expect(kindsOf(answer)).toEqual([
      "tool_call google_search",
      "tool_result google_search",
      "model_output",
      "thought",
    ]);
    expect(answer.output).toMatchObject([
      {
        call_id: "d6vd9r5q",
        arguments: { queries: ["largest city in Mexico"] },
        signature: { value: expect.stringMatching(/^Eq0E/), provider: "gemini" },
      },
      {
        call_id: "d6vd9r5q",
        result: { type: "json", json: [{ search_suggestions: expect.stringContaining("<div") }] },
        signature: { value: expect.stringMatching(/^Et72/), provider: "gemini" },
      },
      { content: [{ annotations: [{ type: "url_citation", start_index: 0, end_index: 50 }, {}, {}, {}] }] },
      {},
    ]);
  });

  it("is a search in files that only the metadata tell of", () => {
    const answer = readAnswer(recordedChunks("file-search-metadata"));
    expect(kindsOf(answer)).toEqual([
      "tool_call code_execution",
      "model_output",
      "tool_call file_search",
      "tool_result file_search",
    ]);
    expect(answer.output[1]).toMatchObject({
      content: [
        {
          annotations: [
            {
              type: "file_citation",
              source: expect.stringContaining("Paris is the capital"),
              file_search_store: expect.stringMatching(/^fileSearchStores\//),
              start_index: 0,
              end_index: 30,
            },
            { start_index: 32, end_index: 107 },
          ],
        },
      ],
    });
  });

  it("is a search in files told by its parts, with what the owner wrote about the file", () => {
    const answer = readAnswer(recordedChunks("file-search-parts"));
    expect(kindsOf(answer)).toEqual(["tool_call file_search", "tool_result file_search", "model_output", "thought"]);
    expect(answer.output[2]).toMatchObject({
      content: [{ annotations: [{ custom_metadata: { source_url: "https://example.com/paris" } }] }],
    });
  });

  it("is a page that was read, before what is said of it", () => {
    const answer = readAnswer(recordedChunks("url-context"));
    expect(kindsOf(answer)).toEqual(["tool_call url_context", "tool_result url_context", "model_output"]);
    expect(answer.output).toMatchObject([
      { arguments: { urls: ["https://ai.pydantic.dev"] } },
      { result: { json: [{ url: "https://ai.pydantic.dev", status: "success" }] } },
      { content: [{ annotations: [{ url: "https://ai.pydantic.dev", start_index: 0, end_index: 37 }] }] },
    ]);
  });

  it("is an image, with its signature before it", () => {
    expect(readAnswer(recordedChunks("image")).output).toEqual([
      { type: "thought", signature: { value: "live-image-thought-signature", provider: "gemini" } },
      { type: "model_output", content: [{ type: "image", mime_type: "image/jpeg", data: "AA==" }] },
    ]);
  });

  it("is a failure that says why where the request was blocked, or no image was made", () => {
    expect(readAnswer(recordedChunks("prompt-blocked"))).toMatchObject({
      status: "failed",
      output: [],
      errors: [{ code: "prohibited_content", message: expect.stringContaining("'gemini' blocked the request") }],
      usage: { total_tokens: 9 },
    });
    expect(readAnswer(recordedChunks("no-image"))).toMatchObject({ status: "failed", errors: [{ code: "no_image" }] });
  });
});
