import type { MediaContent } from "../../../schema/core/content.ts";

const articles = { image: "an image", audio: "an audio clip", video: "a video", document: "a document" } as const;
const QUOTE_LENGTH = 160;

/** A medium in words: its kind, type and size, and the beginning of a document that is plain text. */
export function describeMedia(media: MediaContent): string {
  const details: string[] = [];
  if (media.mime_type !== undefined) details.push(media.mime_type);
  if (media.data !== undefined) details.push(`${byteCount(media.data).toLocaleString("en-US")} bytes`);
  if (media.uri !== undefined) details.push(`at ${media.uri}`);
  const said = details.length === 0 ? articles[media.type] : `${articles[media.type]} (${details.join(", ")})`;
  const quote = beginningOf(media);
  return quote === undefined ? said : `${said} that begins “${quote}”`;
}

/** The bytes that a base64 text stands for, from its length alone. */
export function byteCount(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((base64.length * 3) / 4) - padding);
}

function beginningOf(media: MediaContent): string | undefined {
  if (media.data === undefined || media.mime_type === undefined) return undefined;
  if (!/^text\/|^application\/(?:json|xml)\b/.test(media.mime_type)) return undefined;
  const text = Buffer.from(media.data.slice(0, 1024), "base64").toString("utf8").replace(/\s+/g, " ").trim();
  return text === "" ? undefined : text.slice(0, QUOTE_LENGTH);
}
