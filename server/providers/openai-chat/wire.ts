import type { OpenAI } from "openai";
import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import { parsedJson } from "../parsed-json.ts";

/** What is asked of `POST /v1/chat/completions`, always as a stream. */
export type RequestBody = OpenAI.Chat.ChatCompletionCreateParamsStreaming;

export type SystemMessage = OpenAI.Chat.ChatCompletionSystemMessageParam;
export type UserMessage = OpenAI.Chat.ChatCompletionUserMessageParam;
export type ToolMessage = OpenAI.Chat.ChatCompletionToolMessageParam;

/** With what the servers of reasoning models want back, each under the name by which it gave it. */
export type AssistantMessage = OpenAI.Chat.ChatCompletionAssistantMessageParam & {
  reasoning_content?: string;
  reasoning?: string;
  thinking?: string;
  reasoning_details?: JsonObject[];
};

export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** A part of what the user says. */
export type Part = OpenAI.Chat.ChatCompletionContentPart;

/**
 * One `chat.completion.chunk`, or a whole `chat.completion`. Servers leave out and add members as they like, so each is
 * judged where it is read. Throws a `HubError` for what is no JSON object.
 */
export function parseChunk(data: string, upstream: string): JsonObject {
  const chunk = parsedJson(data);
  if (isJsonObject(chunk)) return chunk;
  throw new HubError("upstream_error", `The upstream '${upstream}' sent something that is no JSON object.`);
}

/** A text that is there and says something. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
