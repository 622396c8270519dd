import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import type { Paint } from "../terminal/paint.ts";
import { readable, readableLine } from "../terminal/readable.ts";
import { toolLine } from "./event-printer.ts";
import { mediaLine } from "./media-line.ts";

/** An interaction as REST gives it, with the ids of others that go on from the same one: the first ones, if there are more. */
export type Link = { interaction: JsonObject; siblings: string[]; more_siblings: boolean };

/** An interaction of a chain, for people: who said what, which tools were called, and which branches begin before it. */
export function transcriptOf({ interaction, siblings, more_siblings }: Link, paint: Paint): string {
  const { id, model, agent, status, created, steps, error, errors } = interaction;
  const head = [String(id), readableLine(String(model ?? agent ?? ""), 60), String(status), String(created ?? "")];
  const failures = [...(Array.isArray(errors) ? errors : []), ...(error === undefined ? [] : [error])];
  const lines = [
    paint("dim", `── ${head.filter((part) => part !== "").join("  ")}`),
    ...(siblings.length === 0
      ? []
      : [
          paint(
            "yellow",
            `   other branches from the same place: ${siblings.join(", ")}${more_siblings ? " and more" : ""}`,
          ),
        ]),
    ...(Array.isArray(steps) ? steps.filter(isJsonObject).flatMap((step) => stepLines(step, paint)) : []),
    ...failures.map((failure) => paint("red", `✗ ${readable(messageOf(failure))}`)),
  ];
  return `${lines.join("\n")}\n\n`;
}

function stepLines(step: JsonObject, paint: Paint): string[] {
  switch (step.type) {
    case "user_input":
      return [paint("bold", "user"), ...contentLines(step.content)];
    case "model_output":
      return [paint("bold", "model"), ...contentLines(step.content)];
    case "thought":
      return contentLines(step.summary).map((line) => paint("dim", line));
    default:
      return [paint("cyan", toolLine(step, ""))];
  }
}

function contentLines(contents: JsonValue | undefined): string[] {
  if (!Array.isArray(contents)) return [];
  return contents.filter(isJsonObject).map((content) => {
    return content.type === "text" ? readable(String(content.text)) : mediaLine(content);
  });
}

function messageOf(failure: JsonValue): string {
  return isJsonObject(failure) ? String(failure.message ?? failure.code ?? "failed") : String(failure);
}
