import type { JsonObject, JsonValue } from "../core/json.ts";
import type { ModelOutput, Step, Thought, UserInput } from "../core/step.ts";
import { decodeContents } from "./decode-content.ts";
import { decodeToolStep } from "./decode-tool-step.ts";
import type { Unknown } from "./keep-unknown.ts";
import { arrayMember, objectAt, objectMember, stringMember, unknownMembers } from "./members.ts";
import { missingMember } from "./refusals.ts";

const contentMembers = new Set(["type", "content"]);
const outputMembers = new Set(["type", "content", "error"]);
const thoughtMembers = new Set(["type", "summary", "signature"]);

/**
 * A step of the steps revision; the legacy revision's contents that are steps read the same. It accepts every step that
 * the hub writes, also cut ones; what a request may not say is judged by `decodeInput`. Members that the hub does not know
 * are kept; steps and contents of types that it does not know are kept whole and entered in `unknown`. Throws a `HubError`
 * that names the member at fault.
 */
export function decodeStep(wire: JsonValue, path: string, unknown?: Unknown): Step {
  const object = objectAt(wire, path);
  const type = stringMember(object, "type", path);
  switch (type) {
    case undefined:
      throw missingMember("type", path);
    case "user_input":
      return decodeUserInput(object, path, unknown);
    case "model_output":
      return decodeModelOutput(object, path, unknown);
    case "thought":
      return decodeThought(object, path, unknown);
    default:
      return decodeToolStep(object, type, path, unknown);
  }
}

function decodeUserInput(object: JsonObject, path: string, unknown: Unknown): UserInput {
  const content = arrayMember(object, "content", path) ?? [];
  const step: UserInput = { type: "user_input", content: decodeContents(content, `${path}.content`, unknown) };
  return withUnknown(step, object, contentMembers);
}

function decodeModelOutput(object: JsonObject, path: string, unknown: Unknown): ModelOutput {
  const content = arrayMember(object, "content", path) ?? [];
  const step: ModelOutput = { type: "model_output", content: decodeContents(content, `${path}.content`, unknown) };
  const error = objectMember(object, "error", path);
  if (error !== undefined) step.error = error;
  return withUnknown(step, object, outputMembers);
}

function decodeThought(object: JsonObject, path: string, unknown: Unknown): Thought {
  const step: Thought = { type: "thought" };
  const summary = arrayMember(object, "summary", path);
  if (summary !== undefined) step.summary = decodeContents(summary, `${path}.summary`, unknown);
  const signature = stringMember(object, "signature", path);
  if (signature !== undefined) step.signature = { value: signature };
  return withUnknown(step, object, thoughtMembers);
}

function withUnknown<S extends Step>(step: S, object: JsonObject, known: ReadonlySet<string>): S {
  const extra = unknownMembers(object, known);
  if (extra !== undefined) step.extra = extra;
  return step;
}
