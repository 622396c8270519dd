import { readFileSync } from "node:fs";
import type { Annotation } from "../../schema/core/content.ts";
import type { Delta, Event, LoggedEvent } from "../../schema/core/event.ts";
import type { Interaction, TerminalStatus } from "../../schema/core/interaction.ts";
import type { JsonObject, JsonValue } from "../../schema/core/json.ts";
import type { Step } from "../../schema/core/step.ts";
import type { Usage } from "../../schema/core/usage.ts";

// The core log behind a recorded stream, written down from the recording by a translation that knows only what occurs
// in the fixtures, so that the encoders are not tested against their own inverse.

/** The parsed lines of a steps recording. */
export function readChunks(name: string): JsonObject[] {
  return readFixture(`gemini-steps/${name}.chunks.txt`).trim().split("\n").map(parse);
}

/** A recorded unary reply of the steps revision. */
export function readReply(name: string): JsonObject {
  return parse(readFixture(`gemini-steps/${name}.json`));
}

/** What was recorded of a legacy response: the lines of a stream, or a body. */
export function readLegacy(name: string): { status?: number; body: JsonValue } {
  return parse(readFixture(`gemini-legacy/${name}.json`)).response as { status?: number; body: JsonValue };
}

/** The events of either revision as the log that must have stood behind them. */
export function logOf(recorded: readonly JsonObject[]): LoggedEvent[] {
  const events = recorded.map(eventOf).filter((event) => event !== undefined);
  const at = Date.parse(String(endOf(recorded).updated));
  return events.map((event, place) => ({ sequence: place + 1, at, event }));
}

/** The interaction at the beginning of a recorded stream. */
export function interactionOf(recorded: readonly JsonObject[]): Interaction {
  const end = endOf(recorded);
  return blankInteraction(String(end.id), String(end.model), Date.parse(String(end.created)));
}

/** The interaction whose whole reply was recorded. */
export function endedInteraction(reply: JsonObject, contents: readonly JsonObject[]): Interaction {
  const begun = blankInteraction(String(reply.id ?? ""), String(reply.model), Date.parse(String(reply.created)));
  return {
    ...begun,
    status: reply.status as TerminalStatus,
    updated_at: Date.parse(String(reply.updated)),
    usage: reply.usage as Usage,
    output: contents.map(stepOf),
  };
}

function blankInteraction(id: string, model: string, created_at: number): Interaction {
  return {
    id: id === "" ? "v1_unstored" : id,
    root_id: id,
    status: "in_progress",
    model,
    provider: "gemini",
    revision: "steps",
    store: id !== "",
    background: false,
    created_at,
    updated_at: created_at,
    settings: {},
    input: [{ type: "user_input", content: [{ type: "text", text: "Hello" }] }],
    output: [],
  };
}

function endOf(recorded: readonly JsonObject[]): JsonObject {
  return recorded.at(-1)?.interaction as JsonObject;
}

function eventOf(wire: JsonObject): Event | undefined {
  const index = Number(wire.index);
  switch (wire.event_type) {
    case "interaction.created":
    case "interaction.start":
      return { type: "status", status: "in_progress" };
    case "interaction.status_update":
      // Recorded right after the start only, as part of it.
      return undefined;
    case "step.start":
    case "content.start":
      return { type: "step.start", index, step: stepOf((wire.step ?? wire.content) as JsonObject) };
    case "step.delta":
    case "content.delta":
      return { type: "step.delta", index, delta: deltaOf(wire.delta as JsonObject) };
    case "step.stop":
    case "content.stop":
      return { type: "step.stop", index };
    case "interaction.completed":
    case "interaction.complete": {
      const { status, usage } = wire.interaction as JsonObject;
      return { type: "finish", status: status as TerminalStatus, usage: usage as Usage };
    }
    default:
      throw new Error(`not in the fixtures: ${String(wire.event_type)}`);
  }
}

/** A recorded step, shell or whole; a legacy content is read as the step that it stands for. */
function stepOf(wire: JsonObject): Step {
  const signature =
    typeof wire.signature === "string" && wire.signature !== ""
      ? { signature: { value: wire.signature, provider: "gemini" } }
      : {};
  switch (wire.type) {
    case "thought":
      return { type: "thought", ...signature };
    case "text":
      return { type: "model_output", content: wire.text === undefined ? [] : [textOf(wire)] };
    case "model_output":
      return { type: "model_output", content: ((wire.content ?? []) as JsonObject[]).map(textOf) };
    case "function_call":
      return {
        type: "tool_call",
        tool: "function",
        call_id: String(wire.id),
        name: String(wire.name),
        arguments: wire.arguments as JsonObject,
      };
    case "google_search_call": {
      const args = wire.arguments === undefined ? {} : { arguments: wire.arguments as JsonObject };
      const extra = wire.search_type === undefined ? {} : { extra: { search_type: wire.search_type } };
      return { type: "tool_call", tool: "google_search", call_id: String(wire.id), ...args, ...extra };
    }
    case "google_search_result":
      return { type: "tool_result", tool: "google_search", call_id: String(wire.call_id), ...outcomeOf(wire) };
    default:
      throw new Error(`not in the fixtures: ${String(wire.type)}`);
  }
}

function textOf(wire: JsonObject) {
  const annotations = wire.annotations === undefined ? {} : { annotations: wire.annotations as Annotation[] };
  return { type: "text" as const, text: String(wire.text), ...annotations };
}

function deltaOf(wire: JsonObject): Delta {
  switch (wire.type) {
    case "text":
      return { type: "text", text: String(wire.text) };
    case "text_annotation_delta":
      return { type: "annotations", annotations: wire.annotations as Annotation[] };
    case "thought_signature":
      return { type: "signature", signature: { value: String(wire.signature), provider: "gemini" } };
    case "arguments_delta":
      return { type: "arguments", text: String(wire.arguments) };
    case "google_search_call":
      return { type: "call", arguments: wire.arguments as JsonObject };
    case "google_search_result":
      return { type: "result", ...outcomeOf(wire) };
    default:
      throw new Error(`not in the fixtures: ${String(wire.type)}`);
  }
}

function outcomeOf(wire: JsonObject) {
  return {
    ...(wire.result === undefined ? {} : { result: { type: "json" as const, json: wire.result } }),
    ...(typeof wire.is_error === "boolean" ? { is_error: wire.is_error } : {}),
  };
}

function readFixture(path: string): string {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url), "utf8");
}

function parse(text: string): JsonObject {
  return JSON.parse(text);
}
