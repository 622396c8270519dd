import type { Delta, LoggedEvent } from "../core/event.ts";
import type { Interaction } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import type { Step } from "../core/step.ts";
import { encodeContent, withExtra } from "./encode-content.ts";
import { encodeBegin, encodeEnd, encodeStatus, type WirePayload } from "./encode-lifecycle.ts";
import { encodeOutcome, encodeStep, toolStepType } from "./encode-step.ts";

/**
 * Core events to payloads of the steps revision. It may be fed from any event on: what it must know of the open step it
 * takes from its start or, if that came earlier, from `interaction`.
 */
export function createStepsStream(interaction: Interaction): (logged: LoggedEvent) => WirePayload[] {
  let open: number | undefined;
  let openStep: Step | undefined;

  function close(): WirePayload[] {
    if (open === undefined) return [];
    const index = open;
    open = undefined;
    return [{ index, event_type: "step.stop" }];
  }

  return ({ sequence, at, event }) => {
    switch (event.type) {
      case "status":
        return sequence === 1
          ? encodeBegin(interaction, event.status, "steps")
          : [encodeStatus(interaction, event.status)];
      case "step.start": {
        const closed = close();
        open = event.index;
        openStep = event.step;
        return [...closed, ...encodeStart(event.index, event.step)];
      }
      case "step.delta": {
        open = event.index;
        const { index, delta } = event;
        if (delta.type === "text") return [deltaPayload(index, { text: delta.text, type: "text" })];
        const step = openStep ?? interaction.output[index];
        return encodeDelta(delta, step).map((encoded) => deltaPayload(index, encoded));
      }
      case "step.stop":
        open = undefined;
        openStep = undefined;
        return [{ index: event.index, event_type: "step.stop" }];
      case "finish":
        return [...close(), ...encodeEnd(interaction, event, at, "steps")];
      // Who answers, and what it could not be given, is nothing that Google's wire has words for.
      case "upstream":
      case "degraded":
        return [];
      default:
        return event satisfies never;
    }
  };
}

function deltaPayload(index: number, delta: JsonObject): WirePayload {
  return { index, delta, event_type: "step.delta" };
}

/** The start of a step, with all that is known of it. Argument text that is not whole yet continues in deltas. */
function encodeStart(index: number, step: Step): WirePayload[] {
  if (step.type !== "tool_call" || step.arguments_text === undefined) {
    return [{ index, step: encodeShell(step), event_type: "step.start" }];
  }
  const { arguments_text: text, ...rest } = step;
  return [
    { index, step: encodeShell(rest), event_type: "step.start" },
    deltaPayload(index, { arguments: text, type: "arguments_delta" }),
  ];
}

/** A step as it starts: contents are left out while there are none, signatures of tools are there even when empty. */
function encodeShell(step: Step): JsonObject {
  const encoded = encodeStep(step);
  if (step.type === "model_output" && step.content.length === 0) {
    const { content: _none, ...shell } = encoded;
    return shell;
  }
  // An unknown tool's object is given as it came.
  if ((step.type !== "tool_call" && step.type !== "tool_result") || step.raw !== undefined) return encoded;
  const { id, call_id, ...rest } = encoded;
  const key: JsonObject = step.type === "tool_call" ? { id: id ?? "" } : { call_id: call_id ?? "" };
  return { ...key, signature: "", ...rest };
}

function encodeDelta(delta: Delta, step: Step | undefined): JsonObject[] {
  switch (delta.type) {
    case "text":
      return [{ text: delta.text, type: "text" }];
    case "annotations":
      return [{ annotations: delta.annotations, type: "text_annotation_delta" } as JsonObject];
    case "content": {
      if (delta.content.type !== "text") return [encodeContent(delta.content)];
      // The delta of a text has no annotations; they follow it.
      const { annotations, ...text } = encodeContent(delta.content);
      return annotations === undefined ? [text] : [text, { annotations, type: "text_annotation_delta" }];
    }
    case "summary":
      return [{ content: encodeContent(delta.content), type: "thought_summary" }];
    case "signature":
      // Also for tools: their own deltas replace arguments and results, which a signature alone must not.
      return [{ signature: delta.signature.value, type: "thought_signature" }];
    case "arguments":
      return [{ arguments: delta.text, type: "arguments_delta" }];
    case "call":
      return encodeCallDelta(delta, step);
    case "result": {
      if (step?.type !== "tool_result") throw new Error("a result came for a step that is no tool result");
      const encoded: JsonObject = { type: toolStepType(step) };
      if (delta.result !== undefined) encoded.result = encodeOutcome(delta.result);
      if (delta.is_error !== undefined) encoded.is_error = delta.is_error;
      if (delta.signature !== undefined) encoded.signature = delta.signature.value;
      return [withExtra(encoded, delta.extra)];
    }
    case "other":
      return [delta.raw];
    default:
      return delta satisfies never;
  }
}

function encodeCallDelta(delta: Extract<Delta, { type: "call" }>, step: Step | undefined): JsonObject[] {
  if (step?.type !== "tool_call") throw new Error("arguments came for a step that is no tool call");
  const signature: JsonObject = delta.signature === undefined ? {} : { signature: delta.signature.value };
  if (step.tool === "function") {
    // The wire knows a function's arguments only as text.
    const text = delta.arguments === undefined ? "" : JSON.stringify(delta.arguments);
    return [withExtra({ arguments: text, type: "arguments_delta", ...signature }, delta.extra)];
  }
  const encoded: JsonObject = { type: toolStepType(step) };
  if (delta.arguments !== undefined) encoded.arguments = delta.arguments;
  return [withExtra({ ...encoded, ...signature }, delta.extra)];
}
