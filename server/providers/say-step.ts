import type { ProviderEvent } from "../../schema/core/event.ts";
import type { Step } from "../../schema/core/step.ts";

/** A word with the white space before it; what has no white space goes in pieces of so many characters. */
const PIECE = /\s*\S{1,16}|\s+$/gu;
/** By characters, not by halves of them: each piece is sent as UTF-8 by itself. */
const ARGUMENTS_PIECE = /.{1,24}/gsu;

const STOP: ProviderEvent = { type: "step.stop" };

/** The events by which a step is said: the shell, its parts one by one, the end. */
export function* say(step: Step): Generator<ProviderEvent, void, void> {
  switch (step.type) {
    case "thought":
      yield { type: "step.start", step: { type: "thought" } };
      for (const content of step.summary ?? []) yield { type: "step.delta", delta: { type: "summary", content } };
      if (step.signature !== undefined)
        yield { type: "step.delta", delta: { type: "signature", signature: step.signature } };
      break;
    case "model_output":
      yield { type: "step.start", step: { type: "model_output", content: [] } };
      for (const content of step.content) {
        if (content.type !== "text") {
          yield { type: "step.delta", delta: { type: "content", content } };
          continue;
        }
        for (const [text] of content.text.matchAll(PIECE)) yield { type: "step.delta", delta: { type: "text", text } };
        if (content.annotations !== undefined)
          yield { type: "step.delta", delta: { type: "annotations", annotations: content.annotations } };
      }
      break;
    case "tool_call": {
      const { arguments: given = {}, signature, ...shell } = step;
      if (step.tool === "function") {
        yield { type: "step.start", step: { ...shell, arguments: {} } };
        yield* sayArguments(given);
      } else {
        yield { type: "step.start", step: shell };
        yield {
          type: "step.delta",
          delta: { type: "call", arguments: given, ...(signature === undefined ? {} : { signature }) },
        };
      }
      break;
    }
    case "tool_result": {
      const { result, is_error, signature, ...shell } = step;
      yield { type: "step.start", step: shell };
      yield {
        type: "step.delta",
        delta: {
          type: "result",
          ...(result === undefined ? {} : { result }),
          ...(is_error === undefined ? {} : { is_error }),
          ...(signature === undefined ? {} : { signature }),
        },
      };
      break;
    }
    case "user_input":
      yield { type: "step.start", step };
      break;
    default:
      step satisfies never;
  }
  yield STOP;
}

function* sayArguments(given: object): Generator<ProviderEvent, void, void> {
  const text = JSON.stringify(given);
  if (text === "{}") return;
  for (const [piece] of text.matchAll(ARGUMENTS_PIECE))
    yield { type: "step.delta", delta: { type: "arguments", text: piece } };
}
