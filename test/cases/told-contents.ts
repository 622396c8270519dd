import type { Degradation } from "../../schema/core/degradation.ts";
import type { Signature, Step, ToolOutcome } from "../../schema/core/step.ts";
import type { ModelCall } from "../../schema/provider.ts";
import { toRequest } from "../../server/providers/generate-content/request.ts";
import type { WireContent, WirePart } from "../../server/providers/generate-content/wire.ts";
import { saying } from "./provider.ts";

/** What the upstream `gemini` is told of a chain; by default the request goes on with "And now?". */
export function toldContents(call: Partial<ModelCall>): { contents: WireContent[]; degradations: Degradation[] } {
  const { request, degradations } = toRequest(
    { model: "gemini-3.8-flash", history: [], input: [saying("And now?")], settings: {}, ...call },
    "gemini",
  );
  return { contents: request.contents, degradations };
}

export const userParts = (...parts: WirePart[]): WireContent => ({ role: "user", parts });
export const modelParts = (...parts: WirePart[]): WireContent => ({ role: "model", parts });

/** A call of a function and its result, and what the upstream is told of them. */
export const callStep = (call_id: string, members: Partial<Extract<Step, { type: "tool_call" }>> = {}): Step => ({
  type: "tool_call",
  tool: "function",
  call_id,
  name: "look_up",
  arguments: { id: call_id },
  ...members,
});
export const resultStep = (call_id: string, outcome?: ToolOutcome): Step => ({
  type: "tool_result",
  tool: "function",
  call_id,
  result: outcome ?? { type: "text", text: `${call_id} done` },
});
export const calledPart = (id: string) => ({ id, name: "look_up", args: { id } });
export const answeredPart = (id: string, output = `${id} done`) => ({ id, name: "look_up", response: { output } });

export const answerStep = (text: string): Step => ({ type: "model_output", content: [{ type: "text", text }] });
export const signatureOf = (value: string, provider?: string): Signature => ({
  value,
  ...(provider === undefined ? {} : { provider }),
});
