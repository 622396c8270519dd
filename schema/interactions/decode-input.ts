import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Step, UserInput } from "../core/step.ts";
import { checkResultNames } from "./check-result-names.ts";
import { contentTypes, decodeContent, isContentType } from "./decode-content.ts";
import { decodeLegacyContents } from "./decode-legacy-contents.ts";
import { decodeListedContent, isStranger } from "./decode-listed-content.ts";
import { decodeStep } from "./decode-step.ts";
import { decodeTurn } from "./decode-turn.ts";
import { keepUnknown, type Unknown } from "./keep-unknown.ts";
import { arrayMember, objectAt, ownMember } from "./members.ts";
import { invalidValue, refusal, unsupportedType } from "./refusals.ts";
import { requireSaid } from "./require-said.ts";

/**
 * The `input` of a request as steps: a string, one content, step or turn, or a list in which they may be mixed. Contents
 * that follow each other are one `user_input`. All forms are read for every client, whatever revision it speaks. What is of
 * a type that nobody knows is kept whole and entered in `unknown`: among contents as a content, else as a step. Throws a
 * `HubError` that names the member at fault; an input that says nothing is refused.
 */
export function decodeInput(input: JsonValue, unknown?: Unknown): Step[] {
  const steps = decodeForm(input, unknown);
  checkResultNames(input);
  if (steps.every(saysNothing)) throw refusal("Request has empty input.", "input");
  return steps;
}

function decodeForm(input: JsonValue, unknown: Unknown): Step[] {
  if (typeof input === "string") return [{ type: "user_input", content: [{ type: "text", text: input }] }];
  if (Array.isArray(input)) return decodeList(input, unknown);
  if (!isJsonObject(input)) throw invalidValue("input", "a string, an object or an array", input);
  return isContentType(input.type)
    ? [{ type: "user_input", content: [decodeContent(input, "input")] }]
    : decodeItem(input, "input", unknown);
}

function decodeList(items: readonly JsonValue[], unknown: Unknown): Step[] {
  const isContents = items.some(isContent) && items.every((item) => isContent(item) || isStranger(item));
  const steps: Step[] = [];
  let run: UserInput | undefined;
  for (const [index, item] of items.entries()) {
    const path = `input[${index}]`;
    const object = objectAt(item, path);
    const content = isContents || isContent(object) ? decodeListedContent(object, path, unknown) : undefined;
    if (content === undefined) {
      run = undefined;
      for (const step of decodeItem(object, path, unknown)) steps.push(step);
      continue;
    }
    if (run === undefined) {
      run = { type: "user_input", content: [] };
      steps.push(run);
    }
    run.content.push(content);
  }
  return steps;
}

function isContent(item: JsonValue): boolean {
  return isJsonObject(item) && isContentType(item.type);
}

function decodeItem(object: JsonObject, path: string, unknown: Unknown): Step[] {
  if (ownMember(object, "type") === undefined && ownMember(object, "role") !== undefined) {
    return decodeTurn(object, path, unknown);
  }
  if (object.type === "user_input") return decodeUserInput(object, path, unknown);
  requireSaid(object, path);
  return [decodeStep(object, path, unknown)];
}

/** The AI SDK puts function results among the contents of a `user_input`: each becomes a step of its own. */
function decodeUserInput(object: JsonObject, path: string, unknown: Unknown): Step[] {
  const contents = arrayMember(object, "content", path) ?? [];
  const isResult = (item: JsonValue) => isJsonObject(item) && item.type === "function_result";
  if (!contents.some(isResult)) return [decodeStep(object, path, unknown)];
  for (const [index, item] of contents.entries()) {
    const type = isJsonObject(item) ? item.type : undefined;
    if (typeof type === "string" && !isContentType(type) && !isResult(item)) {
      const refused = unsupportedType(type, `${path}.content[${index}]`, contentTypes);
      if (!isStranger(item)) throw refused;
      keepUnknown(refused, unknown);
    }
    requireSaid(item, `${path}.content[${index}]`);
  }
  const { content: _content, ...rest } = object;
  const { extra } = decodeStep(rest, path, unknown);
  const steps = decodeLegacyContents(contents, "user", `${path}.content`, unknown);
  const first = steps.find((step) => step.type === "user_input");
  if (first !== undefined && extra !== undefined) first.extra = extra;
  return steps;
}

function saysNothing(step: Step): boolean {
  return step.type === "user_input" && step.content.every((content) => content.type === "text" && content.text === "");
}
