import { shortened } from "../../schema/core/shortened.ts";
import type { ToolResult } from "../../schema/core/step.ts";
import type { ToolAnswer } from "../../schema/tool-server.ts";
import type { ServedCall } from "./served-round.ts";

/** Calls that run at the same time. */
const AT_ONCE = 8;

/** Runs calls of servers' tools side by side and gives their results in the order of the calls, each as soon as it can be. */
export async function* runServedCalls(
  calls: readonly ServedCall[],
  signal: AbortSignal,
): AsyncGenerator<ToolResult, void, void> {
  const waiting = calls.map((call) => ({ call, ...Promise.withResolvers<ToolAnswer>() }));
  const queue = waiting.values();

  /** Takes the next call that nobody has taken, until none is left. */
  async function work(): Promise<void> {
    for (const { call, resolve, reject } of queue) await answer(call, signal).then(resolve, reject);
  }

  for (const { promise } of waiting) promise.catch(() => {});
  for (let worker = 0; worker < AT_ONCE; worker += 1) void work();
  for (const { call, promise } of waiting) yield resultOf(call, await promise);
}

/** The result of a call that was not run. */
export function notRun(call: ServedCall, reason: string): ToolResult {
  return resultOf(call, failure(`The tool was not run: ${reason}`));
}

function answer({ step, offered, broken }: ServedCall, signal: AbortSignal): Promise<ToolAnswer> {
  if (broken === undefined) return offered.server.call(offered.tool.name, step.arguments ?? {}, signal);
  const reason = `The tool was not run: its arguments are not a JSON object: ${shortened(broken)}`;
  return Promise.resolve(failure(reason));
}

function failure(text: string): ToolAnswer {
  return { result: { type: "text", text }, is_error: true };
}

function resultOf({ step, offered }: ServedCall, { result, is_error }: ToolAnswer): ToolResult {
  return {
    type: "tool_result",
    tool: "mcp_server",
    call_id: step.call_id,
    name: offered.tool.name,
    server_name: offered.server_name,
    result,
    ...(is_error ? { is_error } : {}),
  };
}
