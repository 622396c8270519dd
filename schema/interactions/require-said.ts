import type { Step } from "../core/step.ts";
import { missingMember } from "./refusals.ts";

/**
 * Refuses a function's call without a name and a function's result without a result. A step that the hub wrote may lack
 * them, because it was cut; a request that says it must be whole.
 */
export function requireSaid(step: Step, path: string): void {
  if (step.type === "tool_call" && step.tool === "function" && !step.name) throw missingMember("name", path);
  if (step.type === "tool_result" && step.tool === "function" && step.result === undefined) {
    throw missingMember("result", path);
  }
}
