import type { ToolName } from "../core/step.ts";

/** The wire's name of each tool's call and result step; `other` has none, its raw object carries it. */
const wireNames = {
  function: ["function_call", "function_result"],
  code_execution: ["code_execution_call", "code_execution_result"],
  google_search: ["google_search_call", "google_search_result"],
  url_context: ["url_context_call", "url_context_result"],
  google_maps: ["google_maps_call", "google_maps_result"],
  file_search: ["file_search_call", "file_search_result"],
  mcp_server: ["mcp_server_tool_call", "mcp_server_tool_result"],
  retrieval: ["retrieval_call", "retrieval_result"],
  processing: ["processing_call", "processing_result"],
} as const satisfies Record<Exclude<ToolName, "other">, readonly [call: string, result: string]>;

type KnownTool = keyof typeof wireNames;
type ToolStepType = { kind: "tool_call" | "tool_result"; tool: KnownTool };

/** The wire types of what the two sides say, the same as in the hub's words. */
export const spokenStepTypes = ["user_input", "model_output", "thought"] as const;

/** Whether a wire type names a step that the hub knows, or an alias of one. */
export function isStepType(type: string): boolean {
  return toolStepTypes.has(type) || type === "function_response" || spokenStepTypes.some((spoken) => spoken === type);
}

/** The wire type of a tool's call (`google_search` → `google_search_call`). */
export function callTypeOf(tool: KnownTool): string {
  return wireNames[tool][0];
}

/** The wire type of a tool's result. */
export function resultTypeOf(tool: KnownTool): string {
  return wireNames[tool][1];
}

/** What a tool step's wire type means, by wire type; the single name table of both revisions. */
export const toolStepTypes: ReadonlyMap<string, ToolStepType> = new Map(
  (Object.keys(wireNames) as KnownTool[]).flatMap((tool): [string, ToolStepType][] => [
    [wireNames[tool][0], { kind: "tool_call", tool }],
    [wireNames[tool][1], { kind: "tool_result", tool }],
  ]),
);
