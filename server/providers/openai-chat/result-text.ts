import type { Content } from "../../../schema/core/content.ts";
import type { ToolResult } from "../../../schema/core/step.ts";

/** What a tool message says; that there is no result, or that the function failed, has no place of its own there. */
export function resultText(step: ToolResult | undefined): string {
  if (step === undefined) return "[No result was given for this call.]";
  const told = outcomeText(step);
  return step.is_error === true ? `[The function failed] ${told}` : told;
}

/** The contents of a result that are no text, which a tool message cannot hold, each with its place. */
export function resultMedia(step: ToolResult | undefined): { content: Content; place: number }[] {
  if (step?.result?.type !== "content") return [];
  return step.result.content.flatMap((content, place) => (content.type === "text" ? [] : [{ content, place }]));
}

function outcomeText({ result }: ToolResult): string {
  switch (result?.type) {
    case undefined:
      return "";
    case "text":
      return result.text;
    case "json":
      return JSON.stringify(result.json);
    case "content": {
      const texts = result.content.flatMap((content) => (content.type === "text" ? [content.text] : []));
      return texts.length === 0 && result.content.length > 0 ? "[The media of the result follow.]" : texts.join("\n");
    }
    default:
      return result satisfies never;
  }
}
