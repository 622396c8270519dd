import type { JsonObject, JsonValue } from "../../schema/core/json.ts";

// Readers of a stream as a client writes them from the documentation: what a start gives is merged with what deltas add.
// They know nothing of the hub.

const mediaTypes = ["image", "audio", "video", "document"];

/** The steps that a steps-revision stream tells. */
export function readSteps(events: readonly JsonObject[]): JsonObject[] {
  const steps: JsonObject[] = [];
  let text = "";
  for (const event of events) {
    const step = steps[Number(event.index)];
    switch (event.event_type) {
      case "step.start":
        steps.push(startedStep(event.step as JsonObject));
        text = "";
        break;
      case "step.delta": {
        const delta = event.delta as JsonObject;
        if (delta.type === "arguments_delta") text += String(delta.arguments);
        if (step !== undefined) addToStep(step, delta);
        break;
      }
      case "step.stop":
        if (step !== undefined && text !== "") Object.assign(step, readArguments(text));
        text = "";
        break;
      default:
    }
  }
  return steps;
}

/** The contents that a legacy stream tells. */
export function readOutputs(events: readonly JsonObject[]): JsonObject[] {
  const outputs: JsonObject[] = [];
  for (const event of events) {
    if (event.event_type === "content.start") {
      const content = { ...(event.content as JsonObject) };
      outputs.push(content.type === "text" ? { ...content, text: "" } : content);
    }
    const output = outputs[Number(event.index)];
    if (event.event_type === "content.delta" && output !== undefined) {
      addToOutput(output, event.delta as JsonObject);
    }
  }
  return outputs;
}

function startedStep(shell: JsonObject): JsonObject {
  const step = structuredClone(shell);
  if (step.signature === "") delete step.signature;
  if (step.type === "model_output") step.content ??= [];
  return step;
}

function addToStep(step: JsonObject, delta: JsonObject): void {
  const { type, ...members } = delta;
  const kind = String(type);
  if (step.type === "model_output" && (kind === "text" || mediaTypes.includes(kind))) {
    const contents = step.content as JsonObject[];
    const last = contents.at(-1);
    if (kind === "text" && last?.type === "text") last.text = String(last.text) + String(delta.text);
    else contents.push({ ...delta });
  } else if (kind === "text_annotation_delta") {
    const contents = step.content as JsonObject[];
    if (contents.at(-1)?.type !== "text") contents.push({ type: "text", text: "" });
    append(contents.at(-1), "annotations", delta.annotations);
  } else if (kind === "thought_summary") {
    append(step, "summary", [delta.content ?? null]);
  } else if (kind === "arguments_delta") {
    const { arguments: _fragment, ...others } = members;
    Object.assign(step, others);
  } else {
    Object.assign(step, members);
  }
}

function addToOutput(output: JsonObject, delta: JsonObject): void {
  const { type, ...members } = delta;
  if (type === "text") {
    const { text, ...others } = members;
    Object.assign(output, others, { text: String(output.text) + String(text) });
  } else if (type === "text_annotation") append(output, "annotations", delta.annotations);
  else if (type === "thought_summary") append(output, "summary", [delta.content ?? null]);
  else Object.assign(output, members);
}

function append(target: JsonObject | undefined, key: string, values: JsonValue | undefined): void {
  if (target === undefined || !Array.isArray(values)) throw new Error(`nothing to add ${key} to`);
  target[key] = [...((target[key] ?? []) as JsonValue[]), ...values];
}

/** The arguments, or their text where it was cut. */
function readArguments(text: string): JsonObject {
  try {
    return { arguments: JSON.parse(text) };
  } catch {
    return { arguments_text: text };
  }
}
