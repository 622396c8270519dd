import type { JsonObject } from "./json.ts";

/**
 * The JSON text of an object after what was said of it, which may have other white space than the one that is written here;
 * `undefined` where it says something else.
 */
export function restOfJson(said: string, object: JsonObject): string | undefined {
  const text = JSON.stringify(object);
  let place = 0;
  let isQuoted = false;
  for (let index = 0; index < said.length; index += 1) {
    if (!isQuoted && /\s/.test(said.charAt(index))) continue;
    if (said[index] !== text[place]) return undefined;
    if (said[index] === '"') isQuoted = !isQuoted;
    // What is escaped neither opens nor closes a string.
    if (said[index] === "\\" && said[index + 1] === text[place + 1]) {
      index += 1;
      place += 1;
    }
    place += 1;
  }
  return text.slice(place);
}
