import { describe, expect, it } from "vitest";
import type { Annotation, TextContent } from "../../../schema/core/content.ts";
import type { Event } from "../../../schema/core/event.ts";
import { foldLog } from "../../../schema/core/fold.ts";
import type { Step } from "../../../schema/core/step.ts";
import { encodeInteraction } from "../../../schema/interactions/encode-interaction.ts";
import { createStreamEncoder } from "../../../schema/interactions/encode-stream.ts";
import { begunInteraction } from "../../cases/begun-interaction.ts";
import { readOutputs, readSteps } from "../../cases/plain-readers.ts";

const citation: Annotation = { type: "url_citation", url: "https://example.com", start_index: 0, end_index: 1 };
const untyped: Annotation = { source: "https://example.com", start_index: 0, end_index: 1 };
const word: Annotation = { type: "word_info", text: "a", start_index: 0, end_index: 1 };
const future: Annotation = { type: "future_citation" };

function text(...annotations: Annotation[]): TextContent {
  return { type: "text", text: "a", annotations };
}

/** What has no word in the legacy revision, between what has. */
const newer: Step[] = [
  { type: "tool_call", tool: "retrieval", call_id: "r", arguments: { queries: ["q"] } },
  { type: "tool_result", tool: "retrieval", call_id: "r" },
  { type: "thought", signature: { value: "QUJD" }, summary: [text(word)] },
  { type: "tool_call", tool: "processing", call_id: "p", signature: { value: "QUJD" } },
  { type: "tool_result", tool: "processing", call_id: "p", signature: { value: "REVG" } },
  { type: "model_output", content: [text(citation, word, untyped)], error: { code: 13, message: "cut" } },
  { type: "tool_call", tool: "other", call_id: "o", raw: { type: "future_call", id: "o" } },
  {
    type: "tool_result",
    tool: "function",
    call_id: "f",
    name: "f",
    result: { type: "content", content: [text(future)] },
  },
  { type: "model_output", content: [text(word, future)] },
];

const begun = begunInteraction();

function loggedOf(events: readonly Event[]) {
  const all: Event[] = [{ type: "status", status: "in_progress" }, ...events, { type: "finish", status: "completed" }];
  return all.map((event, place) => ({ sequence: place + 1, at: 0, event }));
}

const log = loggedOf(
  newer.flatMap((step, index): Event[] => [
    { type: "step.start", index, step },
    { type: "step.stop", index },
  ]),
);

const kept = [
  { signature: "QUJD", summary: [{ text: "a", type: "text" }], type: "thought" },
  { text: "a", annotations: [citation, untyped], type: "text" },
  { call_id: "f", type: "function_result", name: "f", result: [{ text: "a", type: "text" }] },
  { text: "a", type: "text" },
];

describe("a legacy reader", () => {
  it("gets only what the revision has words for, in outputs", () => {
    expect(encodeInteraction(foldLog(begun, log), "legacy", "read").outputs).toStrictEqual(kept);
  });

  it("gets the same in a stream, in blocks without gaps", () => {
    const events = log.flatMap(createStreamEncoder(begun, "legacy")).map((event) => event.data);
    expect(readOutputs(events)).toStrictEqual(kept);
    const opened = events.filter((event) => event.event_type === "content.start").map((event) => event.index);
    expect(opened).toEqual([0, 1, 2, 3]);
  });

  it("gets the same in a stream that is live, where a step comes piece by piece", () => {
    const pieces: Event[] = [
      { type: "step.start", index: 0, step: { type: "tool_call", tool: "retrieval", call_id: "r" } },
      { type: "step.delta", index: 0, delta: { type: "call", arguments: { queries: ["q"] } } },
      { type: "step.stop", index: 0 },
      { type: "step.start", index: 1, step: { type: "model_output", content: [] } },
      { type: "step.delta", index: 1, delta: { type: "text", text: "a" } },
      { type: "step.delta", index: 1, delta: { type: "annotations", annotations: [word] } },
      { type: "step.delta", index: 1, delta: { type: "annotations", annotations: [citation, future] } },
      { type: "step.stop", index: 1 },
    ];
    const live = loggedOf(pieces);
    const events = live.flatMap(createStreamEncoder(begun, "legacy")).map((event) => event.data);
    const read = encodeInteraction(foldLog(begun, live), "legacy", "create");
    expect(readOutputs(events)).toStrictEqual(read.outputs);
    expect(read.outputs).toStrictEqual([{ text: "a", annotations: [citation], type: "text" }]);
  });

  it("gets only what the revision has words for, in the input, where the other side may then have one turn", () => {
    const spoken = (text: string): Step => ({ type: "user_input", content: [{ type: "text", text }] });
    const input: Step[] = [
      spoken("a"),
      { type: "tool_result", tool: "processing", call_id: "p" },
      { type: "user_input", content: [text(word)] },
    ];
    expect(encodeInteraction({ ...begun, input }, "legacy", "read", { include_input: true }).input).toStrictEqual([
      {
        role: "user",
        content: [
          { text: "a", type: "text" },
          { text: "a", type: "text" },
        ],
      },
    ]);
  });
});

describe("a reader of the steps revision", () => {
  it("gets all of it, in the steps and in a stream", () => {
    const { steps } = encodeInteraction(foldLog(begun, log), "steps", "read");
    expect(steps).toHaveLength(newer.length);
    expect(JSON.stringify(steps)).toMatch(/retrieval_call.*word_info.*processing_result.*"error".*future_call/);
    const events = log.flatMap(createStreamEncoder(begun, "steps")).map((event) => event.data);
    expect(readSteps(events)).toEqual(steps);
  });
});
