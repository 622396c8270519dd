import { isJsonObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { shortened } from "../core/shortened.ts";
import { ownMember } from "./members.ts";
import { refusal } from "./refusals.ts";

/**
 * Refuses a function's result under another name than the call that it answers has, where the input holds both: one of
 * the two is a mistake. `input` has been decoded, so its form is right.
 */
export function checkResultNames(input: JsonValue): void {
  if (!Array.isArray(input)) return;
  const names = new Map<string, string>();
  for (const [item, path] of partsOf(input, "input")) {
    const name = textOf(item, "name");
    if (item.type === "function_call") {
      const id = textOf(item, "id");
      if (id !== undefined && name !== undefined) names.set(id, name);
    } else if (item.type === "function_result" || item.type === "function_response") {
      const id = textOf(item, "call_id") ?? textOf(item, "id");
      const called = id === undefined ? undefined : names.get(id);
      if (called === undefined || name === undefined || name === called) continue;
      const received = `received '${shortened(name)}'`;
      throw refusal(
        `Invalid value at '${path}.name': expected '${shortened(called)}', the function of the call that it answers, ${received}.`,
        `${path}.name`,
      );
    }
  }
}

/** The items of a list and the contents inside them, in order, each with its path. */
function* partsOf(items: readonly JsonValue[], path: string): Generator<[item: JsonObject, path: string]> {
  for (const [index, item] of items.entries()) {
    if (!isJsonObject(item)) continue;
    const place = `${path}[${index}]`;
    yield [item, place];
    const { content } = item;
    if (Array.isArray(content)) yield* partsOf(content, `${place}.content`);
  }
}

function textOf(item: JsonObject, name: string): string | undefined {
  const value = ownMember(item, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}
