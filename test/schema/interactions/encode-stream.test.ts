import { describe, expect, it } from "vitest";
import type { Event, LoggedEvent } from "../../../schema/core/event.ts";
import type { Revision } from "../../../schema/core/interaction.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import {
  createStreamEncoder,
  streamEnd,
  type WireEvent,
  wireRecord,
} from "../../../schema/interactions/encode-stream.ts";
import { begunInteraction } from "../../cases/begun-interaction.ts";
import { interactionOf, logOf, readChunks, readLegacy } from "../../cases/recorded-log.ts";

const begun = begunInteraction();

function encode(events: Event[], revision: Revision, interaction = begun): WireEvent[] {
  const log = events.map((event, place): LoggedEvent => ({ sequence: place + 1, at: 1000, event }));
  return log.flatMap(createStreamEncoder(interaction, revision));
}

/** What goes out, without the event ids and the two events at the beginning. */
function bodies(events: Event[], revision: Revision): JsonObject[] {
  const all = encode([{ type: "status", status: "in_progress" }, ...events], revision);
  return all.slice(2).map((event) => withoutId(event.data));
}

function withoutId(data: JsonObject): JsonObject {
  const { event_id: _id, ...rest } = data;
  return rest;
}

describe("a stream of the steps revision", () => {
  it.each(["basic", "tool-call-step1", "google-search", "multi-turn-stateless-turn2"])(
    "is to the letter as recorded in %s, but for the event ids",
    (name) => {
      const recorded = readChunks(name);
      const wire = logOf(recorded).flatMap(createStreamEncoder(interactionOf(recorded), "steps"));
      expect(wire.map((event) => JSON.stringify(withoutId(event.data)))).toEqual(
        recorded.map((event) => JSON.stringify(event)),
      );
      expect(wire.every((event) => event.data.event_id === event.cursor)).toBe(true);
    },
  );

  it("gives a step that was whole from the start whole in its start", () => {
    const step = { type: "model_output" as const, content: [{ type: "text" as const, text: "Hi" }] };
    expect(bodies([{ type: "step.start", index: 0, step }], "steps")).toStrictEqual([
      { index: 0, step: { content: [{ text: "Hi", type: "text" }], type: "model_output" }, event_type: "step.start" },
    ]);
  });

  it("goes on with argument text that was there at the start", () => {
    const step = {
      type: "tool_call" as const,
      tool: "function" as const,
      call_id: "c",
      name: "f",
      arguments_text: "{",
    };
    expect(bodies([{ type: "step.start", index: 0, step }], "steps").map((event) => event.event_type)).toEqual([
      "step.start",
      "step.delta",
    ]);
  });
});

describe("a stream of the legacy revision", () => {
  it.each(["streaming_basic-0", "streaming_event_order-0"])("is to the letter as recorded in %s", (name) => {
    const lines = readLegacy(name).body as string[];
    const payloads = lines.filter((line) => line.startsWith("data: {")).map((line) => JSON.parse(line.slice(6)));
    const wire = logOf(payloads).flatMap(createStreamEncoder(interactionOf(payloads), "legacy"));
    expect(wire.map(wireRecord).join("") + streamEnd).toBe(`${lines.join("\n")}\n`);
  });

  it("has event ids where clients resume by them, in background runs", () => {
    const status: Event = { type: "status", status: "in_progress" };
    const [background] = encode([status], "legacy", { ...begun, background: true });
    const [foreground] = encode([status], "legacy");
    expect(background?.data.event_id).toBe(background?.cursor);
    expect(foreground?.data).not.toHaveProperty("event_id");
    expect(foreground?.cursor).toBe(background?.cursor);
  });

  it("gathers argument fragments into one whole object before the block stops", () => {
    const step = { type: "tool_call" as const, tool: "function" as const, call_id: "c", name: "f", arguments: {} };
    const pieces = ['{"city":', '"Porto"}'].map(
      (text): Event => ({ type: "step.delta", index: 0, delta: { type: "arguments", text } }),
    );
    const events: Event[] = [{ type: "step.start", index: 0, step }, ...pieces, { type: "step.stop", index: 0 }];
    expect(bodies(events, "legacy")).toStrictEqual([
      { index: 0, content: { id: "c", type: "function_call" }, event_type: "content.start" },
      {
        index: 0,
        delta: { id: "c", type: "function_call", name: "f", arguments: { city: "Porto" } },
        event_type: "content.delta",
      },
      { index: 0, event_type: "content.stop" },
    ]);
  });

  it("opens a block of its own for each content of a step", () => {
    const image = { type: "image" as const, mime_type: "image/png", data: "QUJD" };
    const events: Event[] = [
      { type: "step.start", index: 0, step: { type: "model_output", content: [] } },
      { type: "step.delta", index: 0, delta: { type: "text", text: "a" } },
      { type: "step.delta", index: 0, delta: { type: "content", content: image } },
      { type: "step.delta", index: 0, delta: { type: "text", text: "b" } },
      { type: "step.stop", index: 0 },
      { type: "step.start", index: 1, step: { type: "thought", signature: { value: "QUJD" } } },
      { type: "step.stop", index: 1 },
    ];
    const block = (index: number, type: string, delta: JsonObject) => [
      { index, content: { type }, event_type: "content.start" },
      { index, delta, event_type: "content.delta" },
      { index, event_type: "content.stop" },
    ];
    expect(bodies(events, "legacy")).toStrictEqual([
      ...block(0, "text", { text: "a", type: "text" }),
      ...block(1, "image", { mime_type: "image/png", data: "QUJD", type: "image" }),
      ...block(2, "text", { text: "b", type: "text" }),
      ...block(3, "thought", { signature: "QUJD", type: "thought_signature" }),
    ]);
  });
});

describe.each([
  ["steps", "step.stop", "interaction.completed"],
  ["legacy", "content.stop", "interaction.complete"],
] as const)("the end of a stream of the %s revision", (revision, stop, complete) => {
  const open: Event[] = [
    { type: "step.start", index: 0, step: { type: "model_output", content: [] } },
    { type: "step.delta", index: 0, delta: { type: "text", text: "half" } },
  ];

  it("of a failed run is its error, never a completing event", () => {
    const errors = [{ code: "upstream_error", message: "The upstream broke off." }];
    const events = bodies(
      [...open, { type: "finish", status: "failed", usage: { total_tokens: 3 }, errors }],
      revision,
    );
    expect(events.slice(-3)).toStrictEqual([
      { index: 0, event_type: stop },
      {
        interaction_id: "v1_abcd",
        status: "failed",
        usage: { total_tokens: 3 },
        event_type: "interaction.status_update",
      },
      { error: { code: "api_error", message: "The upstream broke off." }, event_type: "error" },
    ]);
  });

  it("of a failed run without a cause still tells that it failed", () => {
    const events = bodies([{ type: "finish", status: "failed" }], revision);
    expect(events.at(-1)).toMatchObject({ error: { code: "api_error" }, event_type: "error" });
  });

  it("of a cancelled run stops the open step, tells the state and completes", () => {
    const events = bodies([...open, { type: "finish", status: "cancelled" }], revision);
    expect(events.slice(-3).map((event) => event.event_type)).toEqual([stop, "interaction.status_update", complete]);
    expect(events.at(-1)?.interaction).toMatchObject({ status: "cancelled", updated: "1970-01-01T00:00:01Z" });
  });

  it("of an incomplete run says why", () => {
    const errors = [{ code: "max_tokens", message: "The limit was reached." }];
    expect(bodies([{ type: "finish", status: "incomplete", errors }], revision)).toMatchObject([
      { interaction: { status: "incomplete", errors }, event_type: complete },
    ]);
  });
});

it("a record is one line of data even when the text has line breaks", () => {
  const events = encode(
    [{ type: "step.delta", index: 0, delta: { type: "text", text: "a\n\nb\r\u2028c\u2029d\u0085" } }],
    "steps",
  );
  const [record = ""] = events.map(wireRecord);
  expect(record.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(4);
  expect(JSON.parse(record.split("\n")[1]?.slice(6) ?? "")).toMatchObject({
    delta: { text: "a\n\nb\r\u2028c\u2029d\u0085" },
  });
});
