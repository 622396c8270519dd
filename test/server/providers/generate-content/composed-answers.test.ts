import { describe, expect, it } from "vitest";
import type { Step } from "../../../../schema/core/step.ts";
import { saying } from "../../../cases/provider.ts";
import { composedChunks, kindsOf, readAnswer } from "../../../cases/read-answer.ts";

/** What signs a part in these answers is a sentence in base64. */
const signedBy = (sentence: string) => ({ value: Buffer.from(sentence).toString("base64"), provider: "gemini" });

describe("what a composed answer becomes", () => {
  it("is a text, with the signature of its empty end after it, and what it cost", () => {
    const answer = readAnswer(composedChunks("text"));
    expect(answer.status).toBe("completed");
    expect(answer.output).toEqual([
      { type: "model_output", content: [{ type: "text", text: "The kettle is on." }] },
      { type: "thought", signature: signedBy("This signs the kettle.") },
    ]);
    expect(answer.usage).toEqual({
      total_tokens: 37,
      total_input_tokens: 11,
      input_tokens_by_modality: [{ modality: "text", tokens: 11 }],
      total_cached_tokens: 0,
      total_output_tokens: 5,
      total_tool_use_tokens: 0,
      total_thought_tokens: 21,
    });
  });

  it("is a thought with the pieces of its summary, and the signature of the text before the text", () => {
    const { output, usage } = readAnswer(composedChunks("thoughts"));
    expect(output.map((step) => step.type)).toEqual(["thought", "thought", "model_output"]);
    const [summary, signature, text] = output;
    const titles = ["Weighing the Sheet", "Counting the Folds", "Thinking of the Keel", "Choosing the Words"];
    expect(summary).toMatchObject({
      summary: titles.map((title) => ({ text: expect.stringContaining(`**${title}**`) })),
    });
    expect(summary).not.toHaveProperty("signature");
    expect(signature).toEqual({
      type: "thought",
      signature: signedBy("This signs what was thought of a paper boat."),
    });
    expect(text).toEqual({
      type: "model_output",
      content: [{ type: "text", text: expect.stringMatching(/^Take a sheet.*hat – for that.*your boat\. Ahoy!$/s) }],
    });
    expect(usage).toMatchObject({ total_tokens: 158, total_thought_tokens: 81, total_output_tokens: 58 });
  });

  it("is a call that the client must answer, with its own id and signature", () => {
    const answer = readAnswer(composedChunks("function-call"));
    expect(answer.status).toBe("requires_action");
    expect(answer.output).toEqual([
      {
        type: "tool_call",
        tool: "function",
        call_id: "locker-1",
        name: "open_locker",
        arguments: {},
        signature: signedBy("This signs the locker."),
      },
    ]);
  });

  it("is a call with an id that is new in the chain where the upstream gives none", () => {
    const chunks = composedChunks("function-call-without-id");
    const called = (call_id: string): Step => ({ type: "tool_call", tool: "function", call_id, name: "f" });
    const idAfter = (...before: Step[]) =>
      readAnswer(chunks, before).output.map((step) => "call_id" in step && step.call_id);
    expect(idAfter()).toEqual(["call_1"]);
    expect(idAfter(saying("Hi"), called("call_1"))).toEqual(["call_2"]);
    expect(idAfter(called("call_2"))).toEqual(["call_3"]);
    expect(readAnswer(chunks).output).toMatchObject([{ name: "count_owls", arguments: { forest: "Wienerwald" } }]);
  });

  it("is code that was run and what it printed, under the id of the code", () => {
    const answer = readAnswer(composedChunks("code-execution"));
    expect(kindsOf(answer)).toEqual([
      "tool_call code_execution",
      "tool_result code_execution",
      "model_output",
      "thought",
    ]);
    expect(answer.output).toMatchObject([
      {
        call_id: "birds-1",
        arguments: { language: "python", code: expect.stringContaining("print(sum(") },
        signature: signedBy("This signs the code."),
      },
      { call_id: "birds-1", result: { type: "text", text: "12\n" }, is_error: false },
      { content: [{ text: "The three names have **12** letters between them." }] },
      { signature: signedBy("This signs what was said of the birds.") },
    ]);
    expect(answer.usage).toMatchObject({ total_tokens: 264, total_tool_use_tokens: 90, total_output_tokens: 46 });
  });

  it("is a search that only the metadata tell of, after the text whose spans its sources support", () => {
    const answer = readAnswer(composedChunks("google-search-metadata"));
    expect(kindsOf(answer)).toEqual(["model_output", "tool_call google_search", "tool_result google_search"]);
    const [output, call, result] = answer.output;
    expect(call).toMatchObject({ arguments: { queries: ["wind in Graz now"] } });
    expect(result).toMatchObject({ result: { json: [{ search_suggestions: expect.stringContaining("<div") }] } });
    if (output?.type !== "model_output" || output.content[0]?.type !== "text") throw new Error("no text");
    const { text, annotations = [] } = output.content[0];
    const spans = annotations.map(({ start_index, end_index }) =>
      Buffer.from(text).toString("utf8", start_index, end_index),
    );
    expect(annotations).toMatchObject([
      { type: "url_citation", title: "Wind at the Schloßberg" },
      { type: "url_citation", title: "evenings.example" },
      { type: "url_citation", title: "Wind at the Schloßberg" },
    ]);
    const evening = "By evening it calms down – as it mostly does.";
    expect(spans).toEqual(["At the Schloßberg the wind blows with 12 km/h, and it is 17°C (63°F).", evening, evening]);
  });

  it("is a search told by its parts, once, with their signatures", () => {
    const answer = readAnswer(composedChunks("google-search-parts"));
    expect(kindsOf(answer)).toEqual([
      "tool_call google_search",
      "tool_result google_search",
      "model_output",
      "thought",
    ]);
    expect(answer.output).toMatchObject([
      {
        call_id: "search-1",
        arguments: { queries: ["which lighthouse blinks first"] },
        signature: signedBy("This signs the search."),
      },
      {
        call_id: "search-1",
        result: { type: "json", json: [{ search_suggestions: expect.stringContaining("<div") }] },
        signature: signedBy("This signs what was found."),
      },
      { content: [{ annotations: [{ type: "url_citation", start_index: 0, end_index: 52 }, {}, {}, {}] }] },
      { signature: signedBy("This signs the lighthouse.") },
    ]);
    // Its last count leaves the output out.
    expect(answer.usage).toMatchObject({ total_tokens: 138, total_output_tokens: 29 });
  });

  it("is a search in files that only the metadata tell of", () => {
    const answer = readAnswer(composedChunks("file-search-metadata"));
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
              source: "Opening hours: eleven, in rain nine.",
              file_search_store: "fileSearchStores/desk-of-the-clock-museum",
              start_index: 0,
              end_index: 33,
            },
            { start_index: 34, end_index: 101 },
          ],
        },
      ],
    });
  });

  it("is a search in files told by its parts, with what the owner wrote about the file", () => {
    const answer = readAnswer(composedChunks("file-search-parts"));
    expect(kindsOf(answer)).toEqual(["tool_call file_search", "tool_result file_search", "model_output", "thought"]);
    expect(answer.output[2]).toMatchObject({
      content: [{ annotations: [{ custom_metadata: { kept_by: "the night porter", shelf: 7 } }] }],
    });
  });

  it("is a page that was read, before what is said of it", () => {
    const answer = readAnswer(composedChunks("url-context"));
    expect(kindsOf(answer)).toEqual(["tool_call url_context", "tool_result url_context", "model_output"]);
    expect(answer.output).toMatchObject([
      { arguments: { urls: ["https://tea.example/ledger"] } },
      { result: { json: [{ url: "https://tea.example/ledger", status: "success" }] } },
      { content: [{ annotations: [{ url: "https://tea.example/ledger", start_index: 0, end_index: 40 }] }] },
    ]);
  });

  it("is an image, with its signature before it", () => {
    expect(readAnswer(composedChunks("image")).output).toEqual([
      { type: "thought", signature: signedBy("This signs the picture.") },
      {
        type: "model_output",
        content: [{ type: "image", mime_type: "image/jpeg", data: Buffer.from("no real picture").toString("base64") }],
      },
    ]);
  });

  it("is a failure that says why where the request was blocked, or no image was made", () => {
    expect(readAnswer(composedChunks("prompt-blocked"))).toMatchObject({
      status: "failed",
      output: [],
      errors: [{ code: "prohibited_content", message: expect.stringContaining("'gemini' blocked the request") }],
      usage: { total_tokens: 6 },
    });
    expect(readAnswer(composedChunks("no-image"))).toMatchObject({ status: "failed", errors: [{ code: "no_image" }] });
  });
});
