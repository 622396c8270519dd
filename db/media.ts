import { createHash } from "node:crypto";
import { type Content, isMedia } from "../schema/core/content.ts";
import type { Event } from "../schema/core/event.ts";
import type { Step } from "../schema/core/step.ts";

/** Bytes, the hash they are kept by, and what they are as whoever sent them says. */
export type Blob = { sha256: string; bytes: Buffer; mime_type: string | undefined };

/** A blob, or one whose bytes are kept already. */
export type UsedBlob = Omit<Blob, "bytes"> & { bytes: Buffer | undefined };

/** Moves a content's bytes somewhere else, or brings them back. Gives back the same object if there is nothing to move. */
type Move = (content: Content) => Content;

/** A move that takes `data` out of contents, leaves the hash, and collects the bytes. Hashes that stand there are collected too. */
export function detaching(collected: Map<string, UsedBlob>): Move {
  return (content) => {
    if (!isMedia(content)) return content;
    const { blob, mime_type } = content;
    if (blob !== undefined && !collected.has(blob)) collected.set(blob, { sha256: blob, bytes: undefined, mime_type });
    if (content.data === undefined) return content;
    const bytes = Buffer.from(content.data, "base64");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (collected.get(sha256)?.bytes === undefined) collected.set(sha256, { sha256, bytes, mime_type });
    const { data: _, ...rest } = content;
    return { ...rest, blob: sha256 };
  };
}

/** A move that brings the bytes back as `data`. */
export function attaching(bytesOf: (sha256: string) => Buffer): Move {
  return (content) => {
    if (!isMedia(content) || content.blob === undefined) return content;
    const { blob, ...rest } = content;
    return { ...rest, data: bytesOf(blob).toString("base64") };
  };
}

/** The step with every content moved; the same object if nothing was. */
export function moveInStep(step: Step, move: Move): Step {
  switch (step.type) {
    case "user_input":
    case "model_output": {
      const content = moveAll(step.content, move);
      return content === step.content ? step : { ...step, content };
    }
    case "thought": {
      const summary = step.summary && moveAll(step.summary, move);
      return summary === step.summary ? step : { ...step, summary };
    }
    case "tool_result": {
      if (step.result?.type !== "content") return step;
      const content = moveAll(step.result.content, move);
      return content === step.result.content ? step : { ...step, result: { type: "content", content } };
    }
    case "tool_call":
      return step;
    default:
      return step satisfies never;
  }
}

/** The event with every content moved; the same object if nothing was, which is the case for nearly all. */
export function moveInEvent(event: Event, move: Move): Event {
  if (event.type === "step.start") {
    const step = moveInStep(event.step, move);
    return step === event.step ? event : { ...event, step };
  }
  if (event.type !== "step.delta") return event;
  const { delta } = event;
  if (delta.type === "content" || delta.type === "summary") {
    const content = move(delta.content);
    return content === delta.content ? event : { ...event, delta: { ...delta, content } };
  }
  if (delta.type === "result" && delta.result?.type === "content") {
    const content = moveAll(delta.result.content, move);
    return content === delta.result.content
      ? event
      : { ...event, delta: { ...delta, result: { type: "content", content } } };
  }
  return event;
}

/** Whether an event as it is stored has bytes that are kept elsewhere. */
export function hasBlob(event: Event): boolean {
  let found = false;
  moveInEvent(event, (content) => {
    if (isMedia(content) && content.blob !== undefined) found = true;
    return content;
  });
  return found;
}

function moveAll(contents: Content[], move: Move): Content[] {
  const moved = contents.map(move);
  return moved.every((content, index) => content === contents[index]) ? contents : moved;
}
