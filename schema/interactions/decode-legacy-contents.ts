import type { JsonObject, JsonValue } from "../core/json.ts";
import type { ModelOutput, Step, UserInput } from "../core/step.ts";
import type { Role } from "../core/turn.ts";
import { contentTypes } from "./decode-content.ts";
import { decodeListedContent } from "./decode-listed-content.ts";
import { decodeStep } from "./decode-step.ts";
import type { Unknown } from "./keep-unknown.ts";
import { objectAt } from "./members.ts";
import { unsupportedType } from "./refusals.ts";
import { toolStepTypes } from "./step-types.ts";

const partTypes: readonly string[] = [...contentTypes, "thought", ...toolStepTypes.keys()];

/**
 * The flat contents of one side in the legacy revision (a turn's content, an interaction's `outputs`) as steps. Text and
 * media that follow each other are one step of that side; thoughts, calls and results are steps of their own, in order.
 * What is of a type that nobody knows is kept whole, as a content, and entered in `unknown`.
 */
export function decodeLegacyContents(
  contents: readonly JsonValue[],
  role: Role,
  path: string,
  unknown?: Unknown,
): Step[] {
  const steps: Step[] = [];
  let run: UserInput | ModelOutput | undefined;
  for (const [index, item] of contents.entries()) {
    const place = `${path}[${index}]`;
    const object = objectAt(item, place);
    const content = decodeListedContent(object, place, unknown);
    if (content === undefined) {
      steps.push(decodePart(object, place, unknown));
      run = undefined;
      continue;
    }
    if (run === undefined) {
      run = emptyRun(role);
      steps.push(run);
    }
    run.content.push(content);
  }
  return steps;
}

function emptyRun(role: Role): UserInput | ModelOutput {
  return { type: role === "user" ? "user_input" : "model_output", content: [] };
}

function decodePart(object: JsonObject, path: string, unknown: Unknown): Step {
  // Whole sides cannot stand inside a side.
  if (object.type === "user_input" || object.type === "model_output") {
    throw unsupportedType(object.type, path, partTypes);
  }
  return decodeStep(object, path, unknown);
}
