import type { JsonObject, JsonValue } from "../core/json.ts";
import type { ModelOutput, Step, Thought, UserInput } from "../core/step.ts";
import { decodeContents } from "./decode-content.ts";
import { decodeToolStep } from "./decode-tool-step.ts";
import { arrayMember, objectAt, objectMember, stringMember, unknownMembers } from "./members.ts";
import { missingMember } from "./refusals.ts";

const contentMembers = new Set(["type", "content"]);
const outputMembers = new Set(["type", "content", "error"]);
const thoughtMembers = new Set(["type", "summary", "signature"]);

/**
 * A step of the steps revision; the legacy revision's contents that are steps read the same. It accepts every step that
 * the hub writes, also cut ones; what a request may not say is judged by `decodeInput`. Members that the hub does not know
 * are kept. Throws a `HubError` that names the member at fault.
 */
export function decodeStep(wire: JsonValue, path: string): Step {
  const object = objectAt(wire, path);
  const type = stringMember(object, "type", path);
  switch (type) {
    case undefined:
      throw missingMember("type", path);
    case "user_input":
      return decodeUserInput(object, path);
    case "model_output":
      return decodeModelOutput(object, path);
    case "thought":
      return decodeThought(object, path);
    default:
      return decodeToolStep(object, type, path);
  }
}

function decodeUserInput(object: JsonObject, path: string): UserInput {
  const content = arrayMember(object, "content", path) ?? [];
  const step: UserInput = { type: "user_input", content: decodeContents(content, `${path}.content`) };
  return withUnknown(step, object, contentMembers);
}

function decodeModelOutput(object: JsonObject, path: string): ModelOutput {
  const content = arrayMember(object, "content", path) ?? [];
  const step: ModelOutput = { type: "model_output", content: decodeContents(content, `${path}.content`) };
  const error = objectMember(object, "error", path);
  if (error !== undefined) step.error = error;
  return withUnknown(step, object, outputMembers);
}

function decodeThought(object: JsonObject, path: string): Thought {
  const step: Thought = { type: "thought" };
  const summary = arrayMember(object, "summary", path);
  if (summary !== undefined) step.summary = decodeContents(summary, `${path}.summary`);
  const signature = stringMember(object, "signature", path);
  if (signature !== undefined) step.signature = { value: signature };
  return withUnknown(step, object, thoughtMembers);
}

function withUnknown<S extends Step>(step: S, object: JsonObject, known: ReadonlySet<string>): S {
  const extra = unknownMembers(object, known);
  if (extra !== undefined) step.extra = extra;
  return step;
}
