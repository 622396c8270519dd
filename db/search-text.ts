import { MOST_SEARCHED, searchMarks } from "../schema/archive.ts";
import type { Content } from "../schema/core/content.ts";
import type { Step } from "../schema/core/step.ts";

/** The marks of snippets, which no text may have, and NUL, at which SQLite's own functions end a text. */
const excluded = new RegExp(`[\0${searchMarks.start}${searchMarks.end}]`, "gu");

/** What people would search a step by: its words, the names and arguments of tools, their results. No media, no keys. */
export function searchText(step: Step): string | null {
  return searchable(step).slice(0, MOST_SEARCHED).replace(excluded, " ") || null;
}

function searchable(step: Step): string {
  switch (step.type) {
    case "user_input":
    case "model_output":
      return textOf(step.content);
    case "thought":
      return textOf(step.summary ?? []);
    case "tool_call":
      return joined([step.name, step.arguments && JSON.stringify(step.arguments), step.arguments_text]);
    case "tool_result":
      return joined([step.name, resultText(step.result)]);
    default:
      return step satisfies never;
  }
}

function resultText(result: (Step & { type: "tool_result" })["result"]): string | undefined {
  switch (result?.type) {
    case undefined:
      return undefined;
    case "text":
      return result.text;
    case "json":
      return JSON.stringify(result.json);
    case "content":
      return textOf(result.content);
    default:
      return result satisfies never;
  }
}

function textOf(contents: readonly Content[]): string {
  return joined(contents.map((content) => (content.type === "text" ? content.text : undefined)));
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "" && part !== "{}").join("\n");
}
