import type { Annotation, Content } from "./content.ts";
import type { Delta } from "./event.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";
import { isTooDeep } from "./nesting.ts";
import type { ModelOutput, Step, ToolCall } from "./step.ts";

/** The step with a delta added; `undefined` when the delta does not fit the kind of step. */
export function applyDelta(step: Step, delta: Delta): Step | undefined {
  switch (delta.type) {
    case "text":
      return step.type === "model_output" ? withText(step, delta.text) : undefined;
    case "annotations":
      return step.type === "model_output" ? withAnnotations(step, delta.annotations) : undefined;
    case "content":
      return step.type === "model_output" ? { ...step, content: [...step.content, delta.content] } : undefined;
    case "summary":
      return step.type === "thought" ? { ...step, summary: [...(step.summary ?? []), delta.content] } : undefined;
    case "signature":
      return step.type === "user_input" || step.type === "model_output"
        ? undefined
        : { ...step, signature: delta.signature };
    case "arguments":
      return step.type === "tool_call"
        ? { ...step, arguments_text: (step.arguments_text ?? "") + delta.text }
        : undefined;
    case "call": {
      if (step.type !== "tool_call") return undefined;
      const { type: _, extra, ...members } = delta;
      return withExtra({ ...step, ...present(members) }, extra);
    }
    case "result": {
      if (step.type !== "tool_result") return undefined;
      const { type: _, extra, ...members } = delta;
      return withExtra({ ...step, ...present(members) }, extra);
    }
    case "other": {
      const { type: _, ...members } = delta.raw;
      return withExtra(step, members);
    }
    default:
      return delta satisfies never;
  }
}

/**
 * The step as it stands when nothing more is added: the arguments' text becomes an object, or stays if it was cut or nests too
 * deep to be one.
 */
export function closeStep(step: Step): Step {
  if (step.type !== "tool_call" || step.arguments_text === undefined) return step;
  const { arguments_text: text, ...rest } = step;
  if (text === "") return rest;
  const parsed = parseArguments(text);
  return parsed === undefined ? step : ({ ...rest, arguments: parsed } satisfies ToolCall);
}

function parseArguments(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return isJsonObject(value) && !isTooDeep(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function withText(step: ModelOutput, text: string): ModelOutput {
  const last = step.content.at(-1);
  if (last?.type !== "text") return { ...step, content: [...step.content, { type: "text", text }] };
  return withLast(step, { ...last, text: last.text + text });
}

function withAnnotations(step: ModelOutput, added: Annotation[]): ModelOutput {
  const last = step.content.at(-1);
  if (last?.type !== "text")
    return { ...step, content: [...step.content, { type: "text", text: "", annotations: added }] };
  return withLast(step, { ...last, annotations: [...(last.annotations ?? []), ...added] });
}

function withLast(step: ModelOutput, content: Content): ModelOutput {
  const contents = step.content.slice();
  contents[contents.length - 1] = content;
  return { ...step, content: contents };
}

function withExtra<S extends Step>(step: S, extra: JsonObject | undefined): S {
  return extra === undefined || Object.keys(extra).length === 0
    ? step
    : { ...step, extra: { ...step.extra, ...extra } };
}

/** The members that are set: an absent one must not overwrite what the step already has. */
function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
