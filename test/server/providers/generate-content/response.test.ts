import { describe, expect, it } from "vitest";
import { HubError } from "../../../../schema/core/error.ts";
import { AnswerReader } from "../../../../server/providers/generate-content/response.ts";
import type { WireCandidate } from "../../../../server/providers/generate-content/wire.ts";
import { readAnswer, streamOf } from "../../../cases/read-answer.ts";

describe("what an answer becomes", () => {
  const text = (said: string): WireCandidate => ({ content: { parts: [{ text: said }] } });

  it.each([
    ["MAX_TOKENS", "incomplete", "max_output_tokens"],
    ["SAFETY", "failed", "safety"],
    ["RECITATION", "failed", "recitation"],
    ["SPII", "failed", "spii"],
    ["IMAGE_SAFETY", "failed", "image_safety"],
    ["MALFORMED_FUNCTION_CALL", "failed", "upstream_error"],
    ["UNEXPECTED_TOOL_CALL", "failed", "upstream_error"],
    ["SOMETHING_NEW", "failed", "upstream_error"],
  ])("keeps what was said before %s", (finishReason, status, code) => {
    const answer = readAnswer(streamOf(text("So"), { ...text(" far"), finishReason, finishMessage: "Because." }));
    expect(answer).toMatchObject({ status, errors: [{ code }], output: [{ content: [{ text: "So far" }] }] });
    if (code !== "max_output_tokens") expect(answer.errors?.[0]?.message).toContain(`(${finishReason}): Because.`);
  });

  it("is no end where no reason came, whatever else did", () => {
    const reader = new AnswerReader("gemini", []);
    reader.read({ candidates: [text("Hello")], usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 } });
    expect(() => reader.end()).toThrow(HubError);
    expect(() => new AnswerReader("gemini", []).end()).toThrow("broke off");
  });

  it("waits for the calls of a function also where the upstream used a tool of its own after them", () => {
    const answer = readAnswer(
      streamOf({
        content: {
          parts: [
            { functionCall: { id: "a", name: "f", args: { x: 1 } }, thoughtSignature: "c2lnMQ==" },
            { functionCall: { id: "b", name: "g", args: {} } },
            { toolCall: { id: "s", toolType: "GOOGLE_SEARCH_IMAGE", args: { queries: ["q"] } } },
            { toolResponse: { id: "s", toolType: "GOOGLE_SEARCH_IMAGE", response: { search_suggestions: "<p>" } } },
          ],
        },
      }),
    );
    expect(answer.status).toBe("requires_action");
    expect(answer.output).toEqual([
      {
        type: "tool_call",
        tool: "function",
        call_id: "a",
        name: "f",
        arguments: { x: 1 },
        signature: { value: "c2lnMQ==", provider: "gemini" },
      },
      { type: "tool_call", tool: "function", call_id: "b", name: "g", arguments: {} },
      {
        type: "tool_call",
        tool: "google_search",
        call_id: "s",
        arguments: { queries: ["q"] },
        extra: { search_type: "image_search" },
      },
      {
        type: "tool_result",
        tool: "google_search",
        call_id: "s",
        result: { type: "json", json: [{ search_suggestions: "<p>" }] },
        extra: { search_type: "image_search" },
      },
    ]);
  });

  it("does not tear a text apart for a signature in its middle", () => {
    const answer = readAnswer(
      streamOf(text("One "), { content: { parts: [{ text: "two", thoughtSignature: "c2ln" }] } }),
    );
    expect(answer.output).toEqual([
      { type: "model_output", content: [{ type: "text", text: "One two" }] },
      { type: "thought", signature: { value: "c2ln", provider: "gemini" } },
    ]);
  });

  it("takes several results of one piece of code", () => {
    const parts = [
      { executableCode: { language: "PYTHON", code: "print('ok')\nprint(1/0)" } },
      { codeExecutionResult: { outcome: "OUTCOME_OK", output: "ok\n" } },
      { codeExecutionResult: { outcome: "OUTCOME_FAILED", output: "division by zero" } },
    ];
    expect(readAnswer(streamOf({ content: { parts } })).output).toMatchObject([
      { type: "tool_call", call_id: "code_1" },
      { type: "tool_result", call_id: "code_1", is_error: false },
      { type: "tool_result", call_id: "code_1", is_error: true },
    ]);
  });

  it("puts the pieces of a sound together, with what their type says of it", () => {
    const piece = (data: string): WireCandidate => ({
      content: { parts: [{ inlineData: { mimeType: "audio/L16;codec=pcm;rate=24000;channels=1", data } }] },
    });
    expect(readAnswer(streamOf(piece("AQ=="), piece("AgM="), piece("BA=="))).output).toEqual([
      {
        type: "model_output",
        content: [{ type: "audio", mime_type: "audio/l16", sample_rate: 24_000, channels: 1, data: "AQIDBA==" }],
      },
    ]);
  });

  it("cites places, and tells that the map was asked and not the web", () => {
    const answer = readAnswer(
      streamOf(text("Caffè Trieste is "), {
        ...text("open."),
        groundingMetadata: {
          webSearchQueries: ["", "coffee near me"],
          googleMapsWidgetContextToken: "widget",
          groundingChunks: [
            {
              maps: {
                uri: "https://maps.google.com/?cid=1",
                title: "Caffè Trieste",
                placeId: "places/ChIJ1",
                placeAnswerSources: { reviewSnippets: [{ title: "Fine", googleMapsUri: "https://r", reviewId: "r1" }] },
              },
            },
          ],
          groundingSupports: [{ segment: { endIndex: 14, text: "Caffè Trieste" }, groundingChunkIndices: [0] }],
        },
      }),
    );
    const place = {
      name: "Caffè Trieste",
      place_id: "places/ChIJ1",
      url: "https://maps.google.com/?cid=1",
      review_snippets: [{ title: "Fine", url: "https://r", review_id: "r1" }],
    };
    expect(answer.output).toEqual([
      {
        type: "model_output",
        content: [
          {
            type: "text",
            text: "Caffè Trieste is open.",
            annotations: [{ type: "place_citation", ...place, start_index: 0, end_index: 14 }],
          },
        ],
      },
      {
        type: "tool_call",
        tool: "google_maps",
        call_id: "google_maps_1",
        arguments: { queries: ["coffee near me"] },
      },
      {
        type: "tool_result",
        tool: "google_maps",
        call_id: "google_maps_1",
        result: { type: "json", json: [{ places: [place], widget_context_token: "widget" }] },
        is_error: false,
      },
    ]);
  });

  it("finds the span of a source by its words where the upstream counts from elsewhere, and cites it once", () => {
    const grounding: WireCandidate["groundingMetadata"] = {
      groundingChunks: [{ web: { uri: "https://a", title: "A" } }, { web: { uri: "https://b", title: "B" } }],
      groundingSupports: [
        { segment: { startIndex: 90, endIndex: 95, text: "höher" }, groundingChunkIndices: [0] },
        { segment: { startIndex: 0, endIndex: 4, text: "nope" }, groundingChunkIndices: [0] },
      ],
      searchEntryPoint: { renderedContent: "<p>" },
    };
    const answer = readAnswer(
      streamOf({ ...text("Viel höher."), groundingMetadata: grounding }, { groundingMetadata: grounding }),
    );
    expect(answer.output).toMatchObject([
      {
        content: [
          {
            annotations: [
              { url: "https://a", start_index: 5, end_index: 11 },
              { url: "https://a", title: "A" },
            ],
          },
        ],
      },
      {},
      // Sources that support no span are not lost.
      { result: { json: [{ search_suggestions: "<p>" }, { url: "https://b", title: "B" }] } },
    ]);
  });

  it("tells when a transcription's words were spoken, and by whom", () => {
    const words = [{ word: "Grüß", startOffset: "0.1s", endOffset: "0.4s" }, { word: "Gott" }];
    const parts = [{ audioTranscription: { text: "Grüß Gott", speakerLabel: "spk_1", words } }];
    expect(readAnswer(streamOf({ content: { parts } })).output).toMatchObject([
      {
        content: [
          {
            text: "Grüß Gott",
            annotations: [
              { type: "word_info", text: "Grüß", start_index: 0, end_index: 6, speaker: "spk_1", start_offset: "0.1s" },
              { type: "word_info", text: "Gott", start_index: 7, end_index: 11 },
            ],
          },
        ],
      },
    ]);
  });

  it("keeps parts and tools that the hub does not know whole", () => {
    const parts = [
      { hologram: { size: 3 } } as object,
      { toolCall: { id: "t", toolType: "TIME_TRAVEL", args: { to: 1815 } }, thoughtSignature: "c2ln" },
    ];
    expect(readAnswer(streamOf({ content: { parts } })).output).toMatchObject([
      { content: [{ type: "other", raw: { type: "hologram", hologram: { size: 3 } } }] },
      {
        type: "tool_call",
        tool: "other",
        call_id: "t",
        raw: { type: "tool_call", toolType: "TIME_TRAVEL", args: { to: 1815 } },
        signature: { value: "c2ln", provider: "gemini" },
      },
    ]);
  });

  it("is a failure where the stream tells of one, by its cause", () => {
    const reader = new AnswerReader("gemini", []);
    const error = { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" };
    expect(() => reader.read({ error })).toThrow(
      expect.objectContaining({ code: "unavailable", message: expect.stringContaining("overloaded") }),
    );
  });

  it("is a failure where arguments come in pieces, for they would be lost", () => {
    const parts = [{ functionCall: { name: "f", willContinue: true } }];
    expect(() => readAnswer(streamOf({ content: { parts } }))).toThrow("in pieces");
  });

  it("counts what is not counted as what is left of the total, and adds up over several requests", () => {
    const reader = new AnswerReader("gemini", []);
    reader.read({
      candidates: [{ ...text("One "), finishReason: "CONTINUATION", continuationToken: "next" }],
      usageMetadata: { promptTokenCount: 10, totalTokenCount: 15, cachedContentTokenCount: 4 },
    });
    expect(reader.continuation()).toBe("next");
    expect(reader.continuation()).toBeUndefined();
    expect(() => reader.end()).toThrow("broke off");
    reader.read({
      candidates: [{ ...text("two"), finishReason: "STOP" }],
      usageMetadata: {
        promptTokenCount: 15,
        candidatesTokenCount: 2,
        totalTokenCount: 17,
        candidatesTokensDetails: [{ modality: "TEXT", tokenCount: 2 }],
      },
    });
    expect(reader.end().at(-1)).toEqual({
      type: "finish",
      status: "completed",
      usage: {
        total_tokens: 32,
        total_input_tokens: 25,
        total_cached_tokens: 4,
        total_output_tokens: 7,
        total_tool_use_tokens: 0,
        total_thought_tokens: 0,
        output_tokens_by_modality: [{ modality: "text", tokens: 2 }],
      },
    });
  });
});
