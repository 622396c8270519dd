import { createHash } from "node:crypto";
import { type Content, isMedia } from "../../../schema/core/content.ts";
import type { Delta, LoggedEvent } from "../../../schema/core/event.ts";
import type { Step, ToolOutcome } from "../../../schema/core/step.ts";

/**
 * The hub gives media with its bytes, and the archive by its hash. With this, both have the hash, by which stored media has
 * its address. Steps without bytes are given back as they are.
 */
export function hashStep(step: Step): Step {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return step.content.some(hasBytes) ? { ...step, content: step.content.map(hashContent) } : step;
    case "thought":
      return step.summary?.some(hasBytes) ? { ...step, summary: step.summary.map(hashContent) } : step;
    case "tool_result":
      return step.result === undefined ? step : { ...step, result: hashOutcome(step.result) };
    case "tool_call":
      return step;
    default:
      return step satisfies never;
  }
}

/** The same for an event of a log. */
export function hashEvent(logged: LoggedEvent): LoggedEvent {
  const { event } = logged;
  if (event.type === "step.start") return { ...logged, event: { ...event, step: hashStep(event.step) } };
  if (event.type === "step.delta") return { ...logged, event: { ...event, delta: hashDelta(event.delta) } };
  return logged;
}

function hashDelta(delta: Delta): Delta {
  if (delta.type === "content" || delta.type === "summary") {
    return hasBytes(delta.content) ? { ...delta, content: hashContent(delta.content) } : delta;
  }
  if (delta.type === "result" && delta.result !== undefined) return { ...delta, result: hashOutcome(delta.result) };
  return delta;
}

function hashOutcome(outcome: ToolOutcome): ToolOutcome {
  return outcome.type === "content" && outcome.content.some(hasBytes)
    ? { ...outcome, content: outcome.content.map(hashContent) }
    : outcome;
}

function hasBytes(content: Content): boolean {
  return isMedia(content) && content.data !== undefined && content.blob === undefined;
}

function hashContent(content: Content): Content {
  if (!isMedia(content) || content.data === undefined || content.blob !== undefined) return content;
  return { ...content, blob: createHash("sha256").update(Buffer.from(content.data, "base64")).digest("hex") };
}
