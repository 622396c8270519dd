import type { MediaContent, MediaType } from "../../schema/core/content.ts";

/** How the base64 of some formats begins, for media that came without a type. */
const beginnings: readonly (readonly [beginning: string, mimeType: string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["JVBERi", "application/pdf"],
  ["SUQz", "audio/mpeg"],
  ["//u", "audio/mpeg"],
];

const usual = {
  image: "image/png",
  audio: "audio/wav",
  video: "video/mp4",
  document: "application/pdf",
} as const satisfies Record<MediaType, string>;

/** The type of some media without its parameters, in lower case; what its bytes tell where it came without one. */
export function mimeTypeOf({ type, mime_type, data = "" }: MediaContent): string {
  if (mime_type !== undefined) return mime_type.replace(/;.*$/, "").trim().toLowerCase();
  // What a RIFF file is stands behind its length: WAVE or WEBP, of which four characters hold the last three letters.
  if (data.startsWith("UklGR")) return data.slice(12, 16) === "QVZF" ? "audio/wav" : "image/webp";
  return beginnings.find(([beginning]) => data.startsWith(beginning))?.[1] ?? usual[type];
}
