import type { JsonValue } from "../../../schema/core/json.ts";
import type { ToolResult } from "../../../schema/core/step.ts";
import { type InputPart, inputPart, type TranslatedPart } from "./input-parts.ts";

/** What a function gave back as the API takes it, and what was lost of it, for people. */
export type FunctionOutput = { output: string | InputPart[]; losses: string[] };

/** The API cannot mark a result as a failure, so a failure says in its text that it is one. */
export function functionOutput({ result, is_error: failed = false }: ToolResult): FunctionOutput {
  switch (result?.type) {
    case undefined:
      return { output: failed ? failure("no reason given") : "", losses: [] };
    case "text":
      return { output: failed ? failure(result.text) : result.text, losses: [] };
    case "json":
      return { output: failed ? failure(result.json) : JSON.stringify(result.json), losses: [] };
    case "content": {
      const note: TranslatedPart[] = failed ? [{ part: { type: "input_text", text: "[The function failed.]" } }] : [];
      const parts = [...note, ...result.content.map(inputPart)];
      return {
        output: parts.map(({ part }) => part),
        losses: parts.flatMap(({ loss }) => (loss === undefined ? [] : [loss])),
      };
    }
    default:
      return result satisfies never;
  }
}

function failure(error: JsonValue): string {
  return JSON.stringify({ error });
}
