import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { encodeStep } from "../../../../schema/interactions/encode-step.ts";
import { completed, created, newReader, readAll, recordedEvents, stepped } from "../../../cases/gemini-provider.ts";
import { foldOf } from "../../../cases/provider.ts";

/** What the steps of a stream are in the end, in Google's words again. */
function wireOf(events: readonly JsonObject[]): JsonObject[] {
  return foldOf(readAll([created, ...events, completed])).output.map(encodeStep);
}

describe("a recorded stream", () => {
  it("is the id, the steps and the end, with everything that was counted", () => {
    const events = readAll(recordedEvents("tool-call-step1"));
    expect(events[0]).toEqual({ type: "upstream", id: expect.stringMatching(/^v1_Chd/) });
    expect(foldOf(events)).toMatchObject({
      status: "requires_action",
      output: [
        { type: "thought", signature: { value: expect.stringMatching(/^CiQB/), provider: "google" } },
        { tool: "function", call_id: "61nzpsv4", name: "getWeather", arguments: { location: "San Francisco" } },
      ],
      usage: { total_tokens: 133, total_input_tokens: 53, total_output_tokens: 15, total_thought_tokens: 65 },
    });
  });

  it("of a search comes back in Google's words", () => {
    const events = recordedEvents("google-search");
    const [, output, call, result] = foldOf(readAll(events)).output.map(encodeStep);
    const deltas = (index: number) =>
      events
        .filter((event) => event.index === index && event.event_type === "step.delta")
        .map(({ delta }) => delta as JsonObject);
    expect(output?.content).toEqual([
      {
        type: "text",
        text: deltas(1)
          .map(({ text }) => text ?? "")
          .join(""),
        annotations: deltas(1).flatMap(({ annotations }) => annotations ?? []),
      },
    ]);
    expect(call).toEqual({ ...deltas(2)[0], id: "7xveqyd2", signature: "" });
    expect(result).toEqual({ ...deltas(3)[0], call_id: "7xveqyd2", signature: "" });
  });

  it.each(["basic", "google-search", "tool-call-step1", "multi-turn-stateless-turn2"])(
    "has the same form as the whole interaction: %s",
    (name) => {
      const file = new URL(`../../../fixtures/gemini-steps/${name}.json`, import.meta.url);
      const whole: JsonObject = JSON.parse(readFileSync(file, "utf8"));
      const { output } = foldOf(newReader().complete(whole));
      expect(output.map(encodeStep)).toEqual(whole.steps);
      const streamed = foldOf(readAll(recordedEvents(name))).output;
      // The two recordings are two answers.
      expect(streamed.map(({ type }) => type)).toEqual(output.map(({ type }) => type));
    },
  );
});

describe("what Google says", () => {
  const hologram = { type: "hologram", depth: [1, null] };

  it.each<[what: string, events: JsonObject[], steps: JsonObject[]]>([
    [
      "a shell that says something already",
      stepped({ type: "model_output", content: [{ type: "text", text: "a" }] }, { type: "text", text: "b" }),
      [{ type: "model_output", content: [{ type: "text", text: "ab" }] }],
    ],
    [
      "summaries and a signature of a thought",
      stepped(
        { type: "thought", signature: "", summary: [{ type: "text", text: "a" }] },
        { type: "thought_summary", content: { type: "text", text: "b" } },
        { type: "thought_signature", signature: "QQ==" },
      ),
      [
        {
          type: "thought",
          signature: "QQ==",
          summary: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      ],
    ],
    [
      "a call without arguments",
      stepped({ type: "function_call", id: "c", name: "f", arguments: {}, signature: "" }),
      [{ type: "function_call", id: "c", name: "f", arguments: {}, signature: "" }],
    ],
    [
      "arguments that come whole",
      stepped({ type: "function_call", id: "c", name: "f" }, { type: "arguments_delta", arguments: { a: 1 } }),
      [{ type: "function_call", id: "c", name: "f", arguments: { a: 1 } }],
    ],
    [
      "an image",
      stepped({ type: "model_output" }, { type: "image", data: "QUJD", mime_type: "image/png", new: 1 }),
      [{ type: "model_output", content: [{ type: "image", data: "QUJD", mime_type: "image/png", new: 1 }] }],
    ],
    [
      "media that are nowhere yet",
      stepped({ type: "model_output" }, { type: "video", mime_type: "video/mp4" }),
      [{ type: "model_output", content: [{ type: "video", mime_type: "video/mp4" }] }],
    ],
    [
      "members of a text that the hub does not know",
      stepped({ type: "model_output" }, { type: "text", text: "a", mood: "calm" }),
      [{ type: "model_output", content: [{ type: "text", text: "a" }], mood: "calm" }],
    ],
    [
      "a tool's step that only its delta names",
      stepped(
        { type: "mcp_server_tool_call", id: "m" },
        { type: "mcp_server_tool_call", server_name: "s", name: "t", arguments: { a: 1 } },
      ),
      [{ type: "mcp_server_tool_call", id: "m", server_name: "s", name: "t", arguments: { a: 1 } }],
    ],
    [
      "a tool's step that is never named",
      stepped({ type: "mcp_server_tool_result", call_id: "m" }),
      [{ type: "mcp_server_tool_result", call_id: "m" }],
    ],
    [
      "the result of a function that Google ran",
      stepped(
        { type: "function_result", call_id: "c" },
        {
          type: "function_result",
          call_id: "c",
          name: "ls",
          result: [{ type: "text", text: "a.txt" }],
          is_error: false,
        },
      ),
      [
        {
          type: "function_result",
          call_id: "c",
          name: "ls",
          result: [{ type: "text", text: "a.txt" }],
          is_error: false,
        },
      ],
    ],
    [
      "a result in a form that no client may send",
      stepped({ type: "function_result", call_id: "c", name: "f", result: [1, 2] }),
      [{ type: "function_result", call_id: "c", name: "f", result: [1, 2] }],
    ],
    [
      "a step of a tool that the hub does not know, with its deltas",
      stepped({ type: "bash_call", id: "b" }, { type: "bash_call", command: "ls", signature: "QQ==" }),
      [{ type: "bash_call", id: "b", command: "ls", signature: "QQ==" }],
    ],
    [
      "a step of another kind",
      stepped({ type: "plan", goals: ["a"] }, { type: "plan_delta", more: 1 }),
      [{ type: "plan", goals: ["a"], more: 1 }],
    ],
    [
      "a step that lacks what it should have",
      stepped({ type: "google_search_call" }, { type: "google_search_call", arguments: { queries: ["q"] } }),
      [{ type: "google_search_call", arguments: { queries: ["q"] } }],
    ],
    [
      "contents that the hub does not know",
      stepped({ type: "model_output", content: [hologram, { type: "text", text: "a" }] }, { type: "text", text: "b" }),
      [{ type: "model_output", content: [hologram, { type: "text", text: "ab" }] }],
    ],
    [
      "a delta without a step",
      [{ event_type: "step.delta", index: 0, delta: { type: "text", text: "a" } }],
      [{ type: "model_output", content: [{ type: "text", text: "a" }] }],
    ],
    [
      "a step that starts before the last one has stopped",
      [
        { event_type: "step.start", index: 0, step: { type: "thought" } },
        { event_type: "step.start", index: 1, step: { type: "model_output" } },
        { event_type: "step.delta", index: 1, delta: { type: "text", text: "a" } },
      ],
      [{ type: "thought" }, { type: "model_output", content: [{ type: "text", text: "a" }] }],
    ],
    [
      "events that nobody knows",
      [{ event_type: "interaction.dreaming", dream: 1 }, { event_type: "step.start" }, {}],
      [],
    ],
  ])("is kept whole: %s", (_what, events, steps) => {
    expect(wireOf(events)).toEqual(steps);
  });

  it("has sources without a kind or a place that is none", () => {
    const source = { url: "https://a.example", start_index: 0, end_index: null, type: 5, extent: [1] };
    const events = stepped({ type: "model_output" }, { type: "text", text: "a", annotations: [source, "none"] });
    const sound = { url: "https://a.example", start_index: 0, extent: [1] };
    expect(wireOf(events)).toEqual([
      { type: "model_output", content: [{ type: "text", text: "a", annotations: [sound] }] },
    ]);
  });

  it("never overlaps, whatever comes", () => {
    const deltas: JsonObject[] = [{ type: "hologram", depth: 1 }, { type: "thought_signature", signature: "QQ==" }, {}];
    for (const delta of deltas) {
      for (const type of ["model_output", "thought", "function_call", "google_search_result", "user_input"]) {
        const events = [created, ...stepped({ type, id: "c", call_id: "c", name: "f" }, delta), completed];
        expect(() => foldOf(readAll(events))).not.toThrow();
      }
    }
  });

  it("counts what the hub does not know as well", () => {
    const usage = {
      total_tokens: 5,
      input_tokens_by_modality: [{ modality: "text", tokens: 5 }],
      output_tokens_by_modality: [{ modality: "text", characters: 4 }],
      model_invocation_token_counts: [{ a: 1 }],
      total_output_tokens: null,
    };
    const [finish] = readAll([{ ...completed, interaction: { status: "completed", usage } }]);
    expect(finish).toMatchObject({
      usage: {
        total_tokens: 5,
        input_tokens_by_modality: usage.input_tokens_by_modality,
        extra: {
          output_tokens_by_modality: usage.output_tokens_by_modality,
          model_invocation_token_counts: [{ a: 1 }],
        },
      },
    });
  });
});
