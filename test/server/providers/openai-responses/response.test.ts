import { describe, expect, it } from "vitest";
import { unsealItem } from "../../../../server/providers/openai-responses/own-item.ts";
import { foldOf } from "../../../cases/provider.ts";
import {
  answerEvents,
  type ComposedAnswer,
  type ComposedEvent,
  type ComposedItem,
  numbered,
} from "../../../cases/responses-events.ts";
import { callOfWeather, message, newReader, read, readRecords, reasoning, recordedPayloads } from "./samples.ts";

describe("an answer of llama.cpp's, as recorded", () => {
  it("becomes text, though its events tell no places", () => {
    const { folded } = readRecords(recordedPayloads("responses-text-stream"), { limit: 24 });
    expect(folded.status).toBe("completed");
    expect(folded.output).toEqual([
      {
        type: "model_output",
        content: [{ type: "text", text: "}} last options sob wind solve despite idx us board" }],
      },
    ]);
    expect(folded.usage).toEqual({
      total_tokens: 21,
      total_input_tokens: 10,
      total_cached_tokens: 9,
      total_output_tokens: 11,
      total_thought_tokens: 0,
    });
  });

  it("becomes text and the call after it, one after the other, though they end together", () => {
    const { folded } = readRecords(recordedPayloads("responses-tools-stream"));
    expect(folded.output.map((step) => step.type)).toEqual(["model_output", "tool_call"]);
    expect(folded.output[1]).toMatchObject({
      name: "get_weather",
      call_id: "call_XeY9iphWVFcH2OddsDtW1nhyK9tZTqDk",
      arguments_text: expect.stringMatching(/^\{"city":"in fill fail/),
    });
    expect(folded.status).toBe("requires_action");
  });

  it("is incomplete where the limit has cut it, though the server calls it completed", () => {
    const { folded } = readRecords(recordedPayloads("responses-tools-stream"), { limit: 120 });
    expect(folded.status).toBe("incomplete");
    expect(folded.errors).toEqual([{ code: "max_output_tokens", message: expect.stringContaining("limit") }]);
  });

  it("is read the same when it comes without a stream", () => {
    const reader = newReader();
    const folded = foldOf(reader.readWhole(JSON.parse(recordedPayloads("responses-text")[0] ?? "")));
    expect(folded.status).toBe("completed");
    expect(folded.output).toEqual([
      { type: "model_output", content: [{ type: "text", text: "cul fill patch construction container fill" }] },
    ]);
    expect(folded.usage).toMatchObject({ total_input_tokens: 10, total_output_tokens: 7, total_tokens: 17 });
  });
});

describe("an answer with thoughts and calls", () => {
  const answer: ComposedAnswer = {
    output: [reasoning, message("Let me see."), callOfWeather(1, "Porto"), callOfWeather(2, "Kyōto 🎈")],
  };
  const whole = read(answerEvents(answer));

  it("becomes a thought with its summary, what was said, and calls that wait for their results", () => {
    expect(whole.folded.status).toBe("requires_action");
    expect(whole.folded.output).toMatchObject([
      {
        type: "thought",
        summary: [
          { type: "text", text: "**First**\n\nThe user wants the weather." },
          { type: "text", text: "**Then**\n\nI should look it up." },
        ],
        signature: { provider: "vendor" },
      },
      { type: "model_output", content: [{ type: "text", text: "Let me see." }] },
      { type: "tool_call", tool: "function", call_id: "call_1", name: "get_weather", arguments: { city: "Porto" } },
      { type: "tool_call", tool: "function", call_id: "call_2", name: "get_weather", arguments: { city: "Kyōto 🎈" } },
    ]);
  });

  it("keeps the reasoning item as it was when it was whole", () => {
    const [thought] = whole.folded.output;
    const signature = thought?.type === "thought" ? thought.signature : undefined;
    expect(unsealItem("vendor", signature, ["reasoning"])).toEqual(reasoning);
    expect(unsealItem("another", signature, ["reasoning"])).toBeUndefined();
    expect(unsealItem("vendor", signature, ["message"])).toBeUndefined();
  });

  it("counts thinking apart from output", () => {
    expect(whole.folded.usage).toEqual({
      total_tokens: 32,
      total_input_tokens: 20,
      total_cached_tokens: 8,
      total_output_tokens: 7,
      total_thought_tokens: 5,
    });
  });

  it("shows no summaries to whoever wants none, and keeps the reasoning all the same", () => {
    const { folded } = read(answerEvents(answer), { tellsThoughts: false });
    const [thought] = folded.output;
    const signature = thought?.type === "thought" ? thought.signature : undefined;
    expect(folded.output[0]).not.toHaveProperty("summary");
    expect(unsealItem("vendor", signature, ["reasoning"])).toEqual(reasoning);
  });

  const without =
    (...members: string[]) =>
    (event: ComposedEvent): ComposedEvent =>
      Object.assign(Object.fromEntries(Object.entries(event).filter(([name]) => !members.includes(name))), {
        type: event.type,
      });
  const rotated = (event: ComposedEvent, index: number): ComposedEvent =>
    "item_id" in event ? { ...event, item_id: `other_${index}` } : event;

  it.each<[string, (events: ComposedEvent[]) => ComposedEvent[]]>([
    ["without numbers and places", (events) => events.map(without("sequence_number", "output_index", "content_index"))],
    ["without ids of items", (events) => events.map(without("item_id"))],
    ["without ids and places", (events) => events.map(without("item_id", "output_index", "content_index"))],
    ["with another id in every event", (events) => events.map(rotated)],
    ["without deltas", (events) => events.filter(({ type }) => !type.endsWith(".delta"))],
    ["without pieces", (events) => events.filter(({ type }) => /item\.(?:added|done)|response\.\w+$/.test(type))],
    ["without beginnings", (events) => events.filter(({ type }) => !type.endsWith(".added"))],
    ["only whole items", (events) => events.filter(({ type }) => /item\.done|response\.\w+$/.test(type))],
    ["only its end", (events) => events.slice(-1)],
    ["with unknown events", (events) => events.flatMap((event) => [event, { type: "response.future.delta", x: 1 }])],
    ["with [DONE] at the end", (events) => events],
  ])("is read the same %s", (name, change) => {
    const records = change(answerEvents(answer)).map((event) => JSON.stringify(event));
    if (name.includes("[DONE]")) records.push("[DONE]");
    const { folded } = readRecords(records);
    expect(folded.output).toEqual(whole.folded.output);
    expect(folded.status).toBe("requires_action");
  });

  it("tells items one after the other, though their pieces come in turns", () => {
    const events = answerEvents({ output: [callOfWeather(1, "Porto"), callOfWeather(2, "Kyōto"), message("Wait.")] });
    const [head, tail] = [events.slice(0, 2), events.slice(-1)];
    const places = [0, 1, 2].map((place) => events.filter(({ output_index }) => output_index === place));
    const mixed: ComposedEvent[] = [];
    while (places.some((list) => list.length > 0)) for (const list of places) mixed.push(...list.splice(0, 1));
    const { folded } = read(numbered([...head, ...mixed, ...tail]));
    expect(folded.output).toMatchObject([
      { call_id: "call_1", arguments: { city: "Porto" } },
      { call_id: "call_2", arguments: { city: "Kyōto" } },
      { content: [{ text: "Wait." }] },
    ]);
  });

  it("gives a call without arguments an empty object", () => {
    const { folded } = read(answerEvents({ output: [{ ...callOfWeather(1, ""), arguments: "" }] }));
    expect(folded.output).toMatchObject([{ arguments: {} }]);
  });

  it("tells reasoning that is shown as it is some lines at a time, and can give it back", () => {
    const lines = `${"I think about it for a while. ".repeat(4)}\n`;
    const shown: ComposedItem = {
      type: "reasoning",
      id: "rs_2",
      summary: [],
      content: [{ type: "reasoning_text", text: lines.repeat(5) }],
    };
    const { folded, events } = read(answerEvents({ output: [shown, message("Done.")] }));
    const [thought] = folded.output;
    if (thought?.type !== "thought") throw new Error("no thought");
    expect(thought.summary?.map((content) => (content.type === "text" ? content.text : "")).join("")).toBe(
      lines.repeat(5),
    );
    expect(thought.summary?.length).toBeGreaterThan(1);
    expect(events.filter((event) => event.type === "step.delta").length).toBeLessThan(10);
    expect(unsealItem("vendor", thought.signature, ["reasoning"])).toEqual(shown);
  });

  it("keeps nothing of reasoning that is only named by an id", () => {
    const { folded } = read(answerEvents({ output: [{ type: "reasoning", id: "rs_3", summary: [] }] }));
    expect(folded.output).toEqual([{ type: "thought" }]);
  });

  it("keeps what a message was for", () => {
    const { folded } = read(answerEvents({ output: [{ ...message("On it."), phase: "commentary" }] }));
    expect(folded.output).toMatchObject([{ extra: { phase: "commentary" } }]);
  });

  it("makes no step of a message that says nothing", () => {
    const { folded } = read(answerEvents({ output: [message(""), message("Yes.")] }));
    expect(folded.output).toMatchObject([{ content: [{ text: "Yes." }] }]);
  });

  it("makes a text of each part of a message", () => {
    const parts = ["One.", "Two."].map((text) => ({ type: "output_text", text, annotations: [] }));
    const { folded } = read(answerEvents({ output: [{ ...message(""), content: parts }] }));
    expect(folded.output).toEqual([
      { type: "model_output", content: ["One.", "Two."].map((text) => ({ type: "text", text })) },
    ]);
  });
});
