import type { ToolCall, ToolResult } from "../../../schema/core/step.ts";
import type { WireCode, WireCodeResult, WirePart } from "./wire.ts";

/** How the ids begin that the hub gives to code that came without one; the upstream knows nothing of them. */
export const MADE_UP_CODE = "code_";

/** Code that the model runs, as a step. */
export function codeCall(code: WireCode, call_id: string): ToolCall {
  return {
    type: "tool_call",
    tool: "code_execution",
    call_id,
    arguments: { language: (code.language ?? "python").toLowerCase(), code: code.code ?? "" },
  };
}

/** What it printed, or why it failed. */
export function codeResult(result: WireCodeResult, call_id: string): ToolResult {
  return {
    type: "tool_result",
    tool: "code_execution",
    call_id,
    result: { type: "text", text: result.output ?? "" },
    is_error: result.outcome !== undefined && result.outcome !== "OUTCOME_OK",
  };
}

/** The part that such a step came from. */
export function codePart(step: ToolCall | ToolResult): WirePart {
  const id = step.call_id === "" || step.call_id.startsWith(MADE_UP_CODE) ? {} : { id: step.call_id };
  if (step.type === "tool_call") {
    const { language, code } = step.arguments ?? {};
    const spoken = typeof language === "string" ? language.toUpperCase() : "PYTHON";
    return { executableCode: { ...id, language: spoken, code: typeof code === "string" ? code : "" } };
  }
  const output = step.result?.type === "text" ? step.result.text : "";
  const outcome = step.is_error === true ? "OUTCOME_FAILED" : "OUTCOME_OK";
  return { codeExecutionResult: { ...id, outcome, output } };
}
