/** The first character that standard base64 does not have; a plain search, so its time grows with the length only. */
const foreign = /[^A-Za-z0-9+/]/;

/**
 * Standard, padded base64 of the same bytes, or `undefined` if the text is no base64. The URL-safe alphabet and missing
 * padding are put right; text that is in order already is given back without a copy.
 */
export function standardBase64(text: string): string | undefined {
  const standard = text.includes("-") || text.includes("_") ? text.replaceAll("-", "+").replaceAll("_", "/") : text;
  const end = standard.search(foreign);
  const length = end === -1 ? standard.length : end;
  const padding = standard.slice(length, length + 3);
  const needed = (4 - (length % 4)) % 4;
  if (needed === 3) return undefined;
  if (padding === "") return needed === 0 ? standard : standard + "=".repeat(needed);
  return padding === "=".repeat(needed) && standard.length === length + needed ? standard : undefined;
}
