import { shortened } from "./shortened.ts";

/**
 * The path below a value to a number that the parser made infinite (`1e400`), which would be given back as null; or
 * `undefined`. It recurses, because the depth is known to be small. Walking costs a tenth of parsing, and less than
 * searching the text for such a number.
 */
export function infinityIn(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "";
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const place = infinityIn(value[index]);
      if (place !== undefined) return `[${index}]${place}`;
    }
    return undefined;
  }
  for (const name in value) {
    const place = infinityIn((value as Record<string, unknown>)[name]);
    if (place !== undefined) return `.${shortened(name)}${place}`;
  }
  return undefined;
}
