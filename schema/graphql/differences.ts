import { isJsonObject, type JsonValue } from "../core/json.ts";
import type { Step } from "../core/step.ts";

/** A member of two values of JSON that is not the same in both; one that is absent is undefined. */
export type Difference = { field: string; left: JsonValue | undefined; right: JsonValue | undefined };

/** Where two values of JSON differ, by the paths of their members: `tools[0].name`. */
export function differences(left: JsonValue | undefined, right: JsonValue | undefined, field = ""): Difference[] {
  if (isJsonObject(left) && isJsonObject(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return names.flatMap((name) => differences(left[name], right[name], field === "" ? name : `${field}.${name}`));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    const places = Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index);
    return places.flatMap((place) => differences(left[place], right[place], `${field}[${place}]`));
  }
  return left === right ? [] : [{ field, left, right }];
}

/** Marks that are other ones in every run, whatever is said. */
const marks: ReadonlySet<string> = new Set(["call_id", "signature"]);

/** Whether two runs of steps say the same. */
export function saySame(left: readonly Step[], right: readonly Step[]): boolean {
  return said(left) === said(right);
}

function said(steps: readonly Step[]): string {
  return JSON.stringify(steps, (name, value) => (marks.has(name) ? undefined : value));
}
