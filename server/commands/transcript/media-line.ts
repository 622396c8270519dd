import type { JsonObject } from "../../../schema/core/json.ts";
import { readableLine } from "../terminal/readable.ts";

/** An image, audio, video or document in a few words. */
export function mediaLine({ type, mime_type: mimeType, data, uri }: JsonObject): string {
  const kind = typeof mimeType === "string" ? mimeType : String(type);
  const size = typeof data === "string" ? `, ${sizeText(Math.floor((data.length * 3) / 4))}` : "";
  const where = typeof uri === "string" ? `, ${uri}` : "";
  return readableLine(`[${kind}${size}${where}]`, 200);
}

/** A number of bytes for people. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`;
}
