import type { Step, ToolName } from "../schema/core/step.ts";
import { roleOf } from "../schema/core/turn.ts";

/** How often steps name a tool. What was only sent along as history does not count, but names it. */
export type ToolUse = { tool: ToolName; name: string; calls: number; results: number; failures: number };

/** Tools that have many functions, each under its own name. */
export function hasNames(tool: ToolName): boolean {
  return tool === "function" || tool === "mcp_server";
}

/**
 * The tools that one side of an interaction names. A result without a name has that of its call, which stands beside it
 * or which `nameOf` knows. Calls count on the side of the model; what comes before the last turn of an input is history.
 */
export function toolUsesOf(
  side: "input" | "output",
  steps: readonly Step[],
  nameOf: (callId: string) => string | undefined,
): ToolUse[] {
  const uses = new Map<string, ToolUse>();
  const names = new Map<string, string>();
  const lastTurn = side === "output" ? 0 : startOfLastTurn(steps);
  for (const [index, step] of steps.entries()) {
    if (step.type !== "tool_call" && step.type !== "tool_result") continue;
    if (step.type === "tool_call" && step.name) names.set(step.call_id, step.name);
    const given = step.name || names.get(step.call_id);
    const name = hasNames(step.tool) ? given || nameOf(step.call_id) || step.tool : step.tool;
    const key = `${step.tool} ${name}`;
    const use = uses.get(key) ?? { tool: step.tool, name, calls: 0, results: 0, failures: 0 };
    uses.set(key, use);
    if (step.type === "tool_call") {
      if (side === "output") use.calls += 1;
    } else if (index >= lastTurn) {
      use.results += 1;
      if (step.is_error === true) use.failures += 1;
    }
  }
  return [...uses.values()];
}

/** Where the last run of steps of one side begins. */
function startOfLastTurn(steps: readonly Step[]): number {
  let start = steps.length - 1;
  for (; start > 0; start -= 1) {
    const [before, here] = [steps[start - 1], steps[start]];
    if (before === undefined || here === undefined || roleOf(before) !== roleOf(here)) break;
  }
  return start;
}
