import type { Step, ToolCall, ToolResult } from "../../../schema/core/step.ts";

/** A step of the conversation with its path in the request: `history[3]` or `input[0]`. */
export type PlacedStep<S extends Step = Step> = { step: S; path: string };

/** A call that the model can be told as one of its own, with the id that it has on the wire and what came of it. */
export type CallPair = { call: PlacedStep<ToolCall>; wireId: string; result: PlacedStep<ToolResult> | undefined };

/** The calls of a conversation, by their steps; results that are not among them answer none of them. */
export type CallPairs = { byCall: ReadonlyMap<Step, CallPair>; answers: ReadonlySet<Step> };

/** Ids as every server takes them; Mistral's own has its own idea. */
const plainId = /^[\w.:-]{1,40}$/;
const mistralId = /^[A-Za-z0-9]{9}$/;

/**
 * Pairs calls with their results, wherever those stand, in order where an id was used more than once. Calls whose arguments
 * were cut cannot be told as calls. An id that a server would not take, or that another call has, is replaced by one made of
 * the call's number.
 */
export function pairCalls(steps: readonly PlacedStep[], isMistral: boolean): CallPairs {
  const byCall = new Map<Step, CallPair>();
  const answers = new Set<Step>();
  const waiting = new Map<string, CallPair[]>();
  const used = new Set<string>();
  const fits = isMistral ? mistralId : plainId;
  for (const { step, path } of steps) {
    if (step.type === "tool_call" && isTellable(step)) {
      const number = `call${String(byCall.size).padStart(5, "0")}`;
      const wireId = fits.test(step.call_id) && !used.has(step.call_id) ? step.call_id : number;
      used.add(wireId);
      const pair: CallPair = { call: { step, path }, wireId, result: undefined };
      byCall.set(step, pair);
      waiting.set(step.call_id, [...(waiting.get(step.call_id) ?? []), pair]);
    } else if (step.type === "tool_result" && (step.tool === "function" || step.tool === "mcp_server")) {
      const pair = waiting.get(step.call_id)?.shift();
      if (pair === undefined) continue;
      pair.result = { step, path };
      answers.add(step);
    }
  }
  return { byCall, answers };
}

/** Functions, and the tools of MCP servers, which the hub offers as functions. */
function isTellable({ tool, name, server_name, arguments_text }: ToolCall): boolean {
  if (arguments_text !== undefined || name === undefined) return false;
  return tool === "function" || (tool === "mcp_server" && server_name !== undefined);
}
