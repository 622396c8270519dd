import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { chunk, completion, ending, recordedChunks, translate } from "../../../cases/chat-chunks.ts";

const said = (text: string): object => ({ type: "model_output", content: [{ type: "text", text }] });

describe("an answer of llama.cpp's, as recorded", () => {
  it("becomes text that its limit has cut, with the usage of its last chunk", () => {
    const { folded, failure } = translate(recordedChunks("chat-length-stream"));
    expect(failure).toBeUndefined();
    expect(folded).toMatchObject({
      status: "incomplete",
      errors: [{ code: "max_output_tokens" }],
      output: [said("tasks rights us")],
    });
    expect(folded.usage).toEqual({
      total_tokens: 13,
      total_input_tokens: 10,
      total_output_tokens: 3,
      total_thought_tokens: 0,
      total_cached_tokens: 9,
    });
  });

  it("is one event for each piece of text", () => {
    const { events } = translate(recordedChunks("chat-length-stream"));
    expect(events.map(({ type }) => type)).toEqual([
      "step.start",
      "step.delta",
      "step.delta",
      "step.delta",
      "step.stop",
      "finish",
    ]);
  });

  it("may come whole", () => {
    const { folded } = translate(recordedChunks("chat-json-schema"));
    expect(folded.status).toBe("completed");
    expect(JSON.parse(folded.output[0]?.type === "model_output" ? textOf(folded.output[0]) : "")).toEqual({
      n: 8,
      c: "blue",
    });
  });

  it("keeps the text of arguments that were cut, streamed or whole", () => {
    const [text, call] = translate(recordedChunks("chat-tools-stream")).folded.output;
    expect(text).toEqual(said("fill specific private math"));
    expect(call).toMatchObject({ type: "tool_call", name: "get_weather", call_id: "mPGfGhLmci8HjEyTt57dL2Xx2AIYSltX" });
    expect(call).toHaveProperty("arguments_text", expect.stringMatching(/^\{"city":/));
    expect(call).not.toHaveProperty("arguments");
    const whole = translate(recordedChunks("chat-tools")).folded;
    expect(whole).toMatchObject({
      status: "incomplete",
      output: [said("fill specific private math"), { call_id: "1EU1Rr40M2cM6VqCs2rdfd51INk49t8T" }],
    });
    expect(whole.output[1]).toHaveProperty("arguments_text", expect.stringMatching(/^\{"city":/));
  });

  it("has the usage of its timings where it was asked for none", () => {
    const { folded } = translate(recordedChunks("chat-tools-cut-stream"));
    expect(folded).toMatchObject({ status: "incomplete", output: [said("fill specific private math")] });
    expect(folded.usage).toMatchObject({ total_input_tokens: 205, total_output_tokens: 14, total_cached_tokens: 204 });
  });
});

describe("the end of an answer", () => {
  const answer = chunk({ content: "Well." });

  it.each([
    ["stop", "completed"],
    ["eos_token", "completed"],
    ["tool_calls", "completed"],
    ["STOP", "completed"],
    ["length", "incomplete"],
    ["model_length", "incomplete"],
    ["content_filter", "incomplete"],
  ])("is by its reason '%s' %s", (reason, status) => {
    expect(translate([answer, ending(reason)]).folded.status).toBe(status);
  });

  it("waits for the client where functions were called, whatever the server says", () => {
    const call = chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{}" } }] });
    for (const reason of ["tool_calls", "stop", "function_call"])
      expect(translate([call, ending(reason)]).folded.status).toBe("requires_action");
  });

  it("tells that a filter cut it, or that the model refused", () => {
    expect(translate([answer, ending("content_filter")]).folded.errors).toMatchObject([{ code: "content_filter" }]);
    const refused = translate([chunk({ refusal: "I " }), chunk({ refusal: "will not." }), ending("stop")]).folded;
    expect(refused).toMatchObject({
      status: "incomplete",
      errors: [{ code: "refusal" }],
      output: [said("I will not.")],
    });
  });

  it.each([
    ["error", "upstream_error"],
    ["abort", "upstream_error"],
    ["insufficient_system_resource", "unavailable"],
  ])("is a failure where the reason is '%s', with what was said", (reason, code) => {
    const { folded, failure } = translate([answer, ending(reason)]);
    expect(failure).toMatchObject({ code });
    expect(folded.output).toEqual([said("Well.")]);
  });

  it("is a break where no reason came, with what was said", () => {
    const { folded, failure } = translate([answer]);
    expect(failure).toMatchObject({ code: "upstream_error", message: expect.stringContaining("broke off") });
    expect(folded.output).toEqual([said("Well.")]);
  });
});

describe("what servers do besides", () => {
  it("does no harm: empty chunks, empty texts, several choices, the role alone", () => {
    const chunks = [
      { choices: [] },
      {},
      chunk({ role: "assistant", content: null }),
      chunk({ content: "" }),
      chunk({ content: "A", tool_calls: [] }),
      { choices: [{ index: 1, delta: { content: "another choice" } }] },
      chunk({ content: "B" }, { finish_reason: "" }),
      ending("stop"),
      { choices: null, usage: null },
    ] satisfies JsonObject[];
    expect(translate(chunks).folded.output).toEqual([said("AB")]);
  });

  it.each<[string, JsonObject[]]>([
    ["after the reason", [ending("stop"), { choices: [], usage: { prompt_tokens: 2, completion_tokens: 3 } }]],
    [
      "with the last text",
      [{ ...chunk({ content: "!" }), usage: { prompt_tokens: 2, completion_tokens: 3 } }, ending("stop")],
    ],
    [
      "in every chunk",
      [
        { ...chunk({}), usage: { prompt_tokens: 2, completion_tokens: 1 } },
        { ...ending("stop"), usage: { prompt_tokens: 2, completion_tokens: 3 } },
      ],
    ],
    ["of Groq", [{ ...ending("stop"), x_groq: { usage: { prompt_tokens: 2, completion_tokens: 3 } } }]],
  ])("is told its usage %s", (_, chunks) => {
    expect(translate([chunk({ content: "Hi" }), ...chunks]).folded.usage?.total_tokens).toBe(5);
  });

  it("is an error amid the answer, in each vendor's shape", () => {
    const errors: [JsonObject, string][] = [
      [{ error: { message: "Busy.", code: 503 } }, "unavailable"],
      [
        { error: { message: "Slow down.", type: "rate_limit_error", code: "rate_limit_exceeded" } },
        "rate_limit_exceeded",
      ],
      [{ object: "error", message: "Broken.", code: 500 }, "upstream_error"],
      [{ error: "Broken." }, "upstream_error"],
      [{ choices: [{ index: 0, delta: { content: "" }, error: { code: 502, message: "Gone." } }] }, "unavailable"],
    ];
    for (const [error, code] of errors) {
      const { failure, folded } = translate([chunk({ content: "Well" }), error]);
      expect(failure).toMatchObject({ code });
      expect(folded.output).toEqual([said("Well")]);
    }
  });

  it("begins no step for blanks before a call, and keeps those before text", () => {
    const call = chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{}" } }] });
    const kinds = translate([chunk({ content: "\n\n" }), call, ending("tool_calls")]).folded.output.map(
      ({ type }) => type,
    );
    expect(kinds).toEqual(["tool_call"]);
    expect(translate([chunk({ content: "\n" }), chunk({ content: " a" }), ending("stop")]).folded.output).toEqual([
      said("\n a"),
    ]);
  });

  it("is not said twice where the whole message comes once more at the end", () => {
    const message = completion({ content: "Hi" }, "stop");
    expect(translate([chunk({ content: "Hi" }), message]).folded.output).toEqual([said("Hi")]);
  });

  it("has images as data or at an address", () => {
    const images = [
      { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
      { type: "image_url", image_url: { url: "https://images.example/1.png" } },
    ];
    expect(translate([chunk({ content: "See:", images }), ending("stop")]).folded.output).toEqual([
      {
        type: "model_output",
        content: [
          { type: "text", text: "See:" },
          { type: "image", mime_type: "image/png", data: "iVBORw0KGgo=" },
          { type: "image", uri: "https://images.example/1.png" },
        ],
      },
    ]);
  });

  it("cites sources, in bytes, also before the text is there or without a place", () => {
    const cite = (start_index: number, end_index: number, url: string): object => ({
      type: "url_citation",
      url_citation: { url, title: "T", start_index, end_index },
    });
    const annotations = [
      cite(0, 5, "https://a.example"),
      cite(6, 11, "https://b.example"),
      cite(90, 99, "https://c.example"),
    ];
    const { folded } = translate([
      chunk({ content: "Ärger", annotations }),
      chunk({ content: " hätte" }),
      ending("stop"),
    ]);
    expect(folded.output[0]).toMatchObject({
      content: [
        {
          annotations: [
            { type: "url_citation", url: "https://a.example", start_index: 0, end_index: 6 },
            { type: "url_citation", url: "https://b.example", start_index: 7, end_index: 13 },
            { type: "url_citation", url: "https://c.example", title: "T" },
          ],
        },
      ],
    });
  });
});

describe("usage", () => {
  const of = (usage: object) =>
    translate([ending("stop"), JSON.parse(JSON.stringify({ choices: [], usage }))]).folded.usage;

  it("tells reasoning apart from the output, wherever the server counts it", () => {
    const details = { completion_tokens_details: { reasoning_tokens: 30 } };
    const within = { prompt_tokens: 10, completion_tokens: 50, total_tokens: 60, ...details };
    expect(of(within)).toMatchObject({ total_tokens: 60, total_output_tokens: 20, total_thought_tokens: 30 });
    const beside = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 60, ...details };
    expect(of(beside)).toMatchObject({ total_tokens: 60, total_output_tokens: 20, total_thought_tokens: 30 });
    const untold = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 60 };
    expect(of(untold)).toMatchObject({ total_tokens: 60, total_output_tokens: 20, total_thought_tokens: 30 });
  });

  it("tells cached tokens by the names of OpenAI, DeepSeek and Moonshot", () => {
    const plain = { prompt_tokens: 10, completion_tokens: 1 };
    expect(of({ ...plain, prompt_tokens_details: { cached_tokens: 7 } })?.total_cached_tokens).toBe(7);
    expect(of({ ...plain, prompt_cache_hit_tokens: 7, prompt_cache_miss_tokens: 3 })?.total_cached_tokens).toBe(7);
    expect(of({ ...plain, cached_tokens: 7 })?.total_cached_tokens).toBe(7);
    expect(of(plain)).not.toHaveProperty("total_cached_tokens");
  });

  it("tells modalities where the server does", () => {
    const usage = of({
      prompt_tokens: 10,
      completion_tokens: 9,
      prompt_tokens_details: { audio_tokens: 6 },
      completion_tokens_details: { audio_tokens: 4, reasoning_tokens: 2 },
    });
    expect(usage?.input_tokens_by_modality).toEqual([
      { modality: "text", tokens: 4 },
      { modality: "audio", tokens: 6 },
    ]);
    expect(usage?.output_tokens_by_modality).toEqual([
      { modality: "text", tokens: 3 },
      { modality: "audio", tokens: 4 },
    ]);
  });

  it("survives counts that are none", () => {
    expect(of({ prompt_tokens: "12", completion_tokens: -1, total_tokens: null })).toMatchObject({ total_tokens: 0 });
  });
});

function textOf(step: { content: { type: string; text?: string }[] }): string {
  return step.content.map(({ text = "" }) => text).join("");
}
