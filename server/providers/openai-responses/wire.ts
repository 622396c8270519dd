import type { OpenAI } from "openai";
import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { ServerEvent } from "../../read-event-stream.ts";
import { parsedJson } from "../parsed-json.ts";

/** What the model said earlier. Of these only the id is not given back: nothing is stored under it. */
export type AssistantMessage = Omit<OpenAI.Responses.ResponseOutputMessage, "id">;

/** One item of the conversation that the model gets to hear: in the API's words, or one of its own as it came. */
export type InputItem = OpenAI.Responses.ResponseInputItem | AssistantMessage | WireItem;

/** What is asked of `POST /v1/responses`, always as a stream. */
export type RequestBody = Omit<OpenAI.Responses.ResponseCreateParamsStreaming, "input"> & { input: InputItem[] };

/**
 * An item of an answer, or one that its upstream made and gets back: `message`, `reasoning`, `function_call`,
 * `web_search_call` and so on. Servers leave out and add members as they like, so each is judged where it is read.
 */
export type WireItem = JsonObject & { type: string };

/** An event of an answer's stream: `response.output_text.delta` and so on. Judged where it is read, like an item. */
export type WireEvent = JsonObject & { type: string };

/**
 * The event of a record; `undefined` for `[DONE]`, with which some servers end. The record's own name stands in where the
 * data do not repeat it. Throws a `HubError` for what is no JSON object.
 */
export function parseEvent({ data, event }: ServerEvent, upstream: string): WireEvent | undefined {
  if (data === "[DONE]") return undefined;
  const parsed = parsedJson(data);
  if (!isJsonObject(parsed)) throw unreadable(upstream);
  return isTyped(parsed) ? parsed : { ...parsed, type: event ?? "" };
}

/** The whole answer that a server gives at once where it does not stream. Throws a `HubError` for what is no JSON object. */
export function parseAnswer(body: string, upstream: string): JsonObject {
  const parsed = parsedJson(body);
  if (!isJsonObject(parsed)) throw unreadable(upstream);
  return parsed;
}

/** Whether it says what it is. */
export function isTyped(value: unknown): value is WireItem {
  return isJsonObject(value) && typeof value.type === "string";
}

function unreadable(upstream: string): HubError {
  return new HubError("upstream_error", `The upstream '${upstream}' sent something that is no JSON object.`);
}
