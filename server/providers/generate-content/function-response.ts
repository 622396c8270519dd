import { isMedia } from "../../../schema/core/content.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { ToolOutcome, ToolResult } from "../../../schema/core/step.ts";
import { contentPart, mediaPart, type PartContext, wireMedia } from "./media-part.ts";
import type { WireMedia, WirePart } from "./wire.ts";

/** The call that a result answers. */
export type AnsweredCall = { id: string; name: string };

/**
 * A function's result as the parts that answer its call. Media go inside the response, or beside it for models that take
 * none there.
 */
export function functionResponseParts(
  call: AnsweredCall,
  step: ToolResult,
  place: string,
  context: PartContext,
): WirePart[] {
  const inside: WireMedia[] = [];
  const beside: WirePart[] = [];
  const texts: string[] = [];
  for (const [index, content] of (step.result?.type === "content" ? step.result.content : []).entries()) {
    const path = `${place}.result[${index}]`;
    if (content.type === "text") texts.push(content.text);
    else if (!isMedia(content)) contentPart(content, path, context);
    else if (!context.traits.isModern) beside.push(mediaPart(content, path, context));
    else {
      // A response has room for the bytes alone.
      const { mediaResolution, mediaProcessing, videoMetadata } = mediaPart(content, path, context);
      if (mediaResolution !== undefined || mediaProcessing !== undefined || videoMetadata !== undefined)
        context.degradations.push({
          field: path,
          message: `How the media of a result are to be read cannot be told to '${context.upstream}', so it was left out.`,
        });
      inside.push(wireMedia(content));
    }
  }
  if (beside.length > 0)
    context.degradations.push({
      field: place,
      message: `This model of '${context.upstream}' takes no media inside a result, so they follow it.`,
    });
  const response = responseOf(step.result, texts.join("\n"), step.is_error === true);
  const parts = inside.length === 0 ? {} : { parts: inside };
  return [{ functionResponse: { ...identity(call), response, ...parts } }, ...beside];
}

/** What is told of a call that nobody answered: the API takes no call without an answer right after it. */
export function missingResponse(call: AnsweredCall): WirePart {
  return { functionResponse: { ...identity(call), response: { error: "No result was given for this call." } } };
}

function identity({ id, name }: AnsweredCall): AnsweredCall | { name: string } {
  return id === "" ? { name } : { id, name };
}

/** The API reads `output` and `error` out of a response; an object that has neither is the output itself. */
function responseOf(result: ToolOutcome | undefined, texts: string, isError: boolean): JsonObject {
  const value = outcomeOf(result, texts);
  if (isError) return { error: value };
  return isJsonObject(value) && !("output" in value) && !("error" in value) ? value : { output: value };
}

function outcomeOf(result: ToolOutcome | undefined, texts: string): JsonValue {
  switch (result?.type) {
    case undefined:
      return "";
    case "text":
      return result.text;
    case "json":
      return result.json;
    case "content":
      return texts;
    default:
      return result satisfies never;
  }
}
