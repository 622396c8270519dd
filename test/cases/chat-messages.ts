import type { Content } from "../../schema/core/content.ts";
import type { Degradation } from "../../schema/core/degradation.ts";
import type { JsonObject } from "../../schema/core/json.ts";
import type { Step, ToolOutcome } from "../../schema/core/step.ts";
import type { ModelCall } from "../../schema/provider.ts";
import { buildRequest } from "../../server/providers/openai-chat/request.ts";

/** Where a request goes. Without an address it is OpenAI. */
export type ChatTarget = { name: string; base_url?: string };

export const localTarget: ChatTarget = { name: "local", base_url: "http://127.0.0.1:1/v1" };
export const openaiTarget: ChatTarget = { name: "openai" };

/** The messages that a conversation becomes, and what was told of it. */
export function messagesFor(
  history: Step[],
  input: Step[] = [],
  target: ChatTarget = localTarget,
): { messages: JsonObject[]; degradations: Degradation[] } {
  const call: ModelCall = { model: "m", history, input, settings: {} };
  const { body, degradations } = buildRequest(call, target);
  return { messages: JSON.parse(JSON.stringify(body.messages)), degradations };
}

/** A step in which the model says texts. */
export function answering(...texts: string[]): Step {
  return { type: "model_output", content: texts.map((text) => ({ type: "text", text })) };
}

/** A call of a function. */
export function callingFunction(call_id: string, name = "f", args: JsonObject = {}): Step {
  return { type: "tool_call", tool: "function", call_id, name, arguments: args };
}

/** A function's result. */
export function resulting(call_id: string, result: ToolOutcome = { type: "text", text: `of ${call_id}` }): Step {
  return { type: "tool_result", tool: "function", call_id, result };
}

/** A call as it stands in a message. */
export function wireCall(id: string, name = "f", args = "{}"): object {
  return { id, type: "function", function: { name, arguments: args } };
}

export const smallImage: Content = { type: "image", mime_type: "image/png", data: "iVBORw0KGgo=" };
