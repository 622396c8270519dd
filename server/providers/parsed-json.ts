import type { JsonValue } from "../../schema/core/json.ts";

/** What a text says as JSON; `undefined` where it is none. The parser's complaint is not told: it repeats some of the text. */
export function parsedJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
