const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** What a JSON text may hold: arrays and objects within each other, and values altogether. */
export type JsonLimits = { json_depth: number; json_values: number };

/**
 * The limit that a JSON text is over, if any. One pass, without recursion, before anything is parsed: what comes after
 * this may recurse, and a text of a few megabytes can hold a million values that would keep the server busy for seconds.
 * Text that is not JSON gets some answer; the parser refuses it anyway.
 */
export function jsonExcess(text: string, limits: JsonLimits): keyof JsonLimits | undefined {
  let depth = 0;
  // Values are counted by what follows or opens them: each but the first of its container comes after a comma.
  let values = 1;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case quote:
        index = endOfString(text, index);
        break;
      case openBracket:
      case openBrace:
        values++;
        if (++depth > limits.json_depth) return "json_depth";
        break;
      case closeBracket:
      case closeBrace:
        depth--;
        break;
      case comma:
        if (++values > limits.json_values) return "json_values";
        break;
    }
  }
  return values > limits.json_values ? "json_values" : undefined;
}

/** The place of the quote that closes the string, or the text's end. Media make strings of megabytes, hence `indexOf`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
