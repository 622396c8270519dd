import type { Annotation, Content } from "../core/content.ts";
import type { ModelOutput, Step, ToolName, ToolResult } from "../core/step.ts";

/** Whether the legacy revision has types for the calls and results of a tool. */
const hasLegacyTypes = {
  function: true,
  code_execution: true,
  google_search: true,
  url_context: true,
  google_maps: true,
  file_search: true,
  mcp_server: true,
  retrieval: false,
  processing: false,
  other: false,
} as const satisfies Record<ToolName, boolean>;

const legacyAnnotations: ReadonlySet<string> = new Set(["url_citation", "file_citation", "place_citation"]);

/**
 * A step as far as the legacy revision has words for it; `undefined` when it has none for the whole step. Its readers get
 * the shapes of their revision and no others, so these are left out: steps of `retrieval`, `processing` and unknown tools,
 * contents of unknown types, the error of a `model_output`, and annotations of newer types (those without a type are its
 * own). Nothing is lost: the store has them all, and the steps revision shows them.
 */
export function legacyView(step: Step): Step | undefined {
  switch (step.type) {
    case "user_input":
      return { ...step, content: legacyContents(step.content) };
    case "model_output":
      return legacyOutput(step);
    case "thought":
      return step.summary === undefined ? step : { ...step, summary: legacyContents(step.summary) };
    case "tool_call":
      return hasLegacyTypes[step.tool] ? step : undefined;
    case "tool_result":
      return hasLegacyTypes[step.tool] ? legacyResult(step) : undefined;
    default:
      return step satisfies never;
  }
}

/**
 * A content without the annotations that the legacy revision does not know; without the member if none are left. `undefined`
 * for a content that it has no type for.
 */
export function legacyContent(content: Content): Content | undefined {
  if (content.type === "other") return undefined;
  if (content.type !== "text" || content.annotations === undefined) return content;
  const { annotations, ...rest } = content;
  const known = annotations.filter(isLegacyAnnotation);
  return known.length === 0 ? rest : { ...rest, annotations: known };
}

/** Whether the legacy revision knows an annotation; its first clients had them without a type. */
export function isLegacyAnnotation(annotation: Annotation): boolean {
  return annotation.type === undefined || legacyAnnotations.has(annotation.type);
}

function legacyOutput({ error: _error, ...step }: ModelOutput): ModelOutput {
  return { ...step, content: legacyContents(step.content) };
}

function legacyContents(contents: readonly Content[]): Content[] {
  return contents.map(legacyContent).filter((content) => content !== undefined);
}

function legacyResult(step: ToolResult): ToolResult {
  if (step.result?.type !== "content") return step;
  return { ...step, result: { ...step.result, content: legacyContents(step.result.content) } };
}
