import { Buffer } from "node:buffer";
import type { MediaContent } from "../../../schema/core/content.ts";
import type { Refusal } from "../../../schema/provider.ts";
import { isGoogleOnly, shownUri } from "../media-uri.ts";
import { mimeTypeOf } from "../mime-type-of.ts";

/** Media as a `data:` URL. Only for media that have their bytes with them. */
export function dataUrl(media: MediaContent): string {
  return `data:${mimeTypeOf(media)};base64,${media.data ?? ""}`;
}

/** Where an image is: at its URI, or in the URL itself. */
export function imageUrl(media: MediaContent): string {
  return media.uri ?? dataUrl(media);
}

/** OpenAI knows two levels of detail besides its own choice; the other two of Google's are told as a degradation. */
export function imageDetail({ resolution }: MediaContent): { detail?: "low" | "high"; isExact: boolean } {
  switch (resolution) {
    case undefined:
      return { isExact: true };
    case "low":
    case "high":
      return { detail: resolution, isExact: true };
    case "ultra_high":
      return { detail: "high", isExact: false };
    default:
      return { isExact: false };
  }
}

/** The name of an audio format: `wav` and `mp3` are OpenAI's; others are for servers that take more. */
export function audioFormat(media: MediaContent): string {
  const subtype = mimeTypeOf(media).replace(/^[^/]*\/(?:x-|vnd\.)?/, "");
  if (subtype === "wave") return "wav";
  return subtype === "mpeg" ? "mp3" : subtype;
}

/** What a document says, if its bytes are plain text of some kind, which every model can read. */
export function documentText(media: MediaContent): string | undefined {
  if (media.data === undefined || !isTextType(mimeTypeOf(media))) return undefined;
  return Buffer.from(media.data, "base64").toString("utf8");
}

/** Whether a document of this type can be given as text. */
export function isTextType(mimeType: string): boolean {
  return /^text\/|^application\/(?:json|xml|yaml|x-yaml|javascript|x-ndjson|sql|toml)$|\+(?:json|xml)$/.test(mimeType);
}

/** A name for a document, of which the API wants one; its ending tells the type. */
export function documentName(media: MediaContent): string {
  const subtype = mimeTypeOf(media).split("/")[1] ?? "";
  return /^[a-z\d]{1,8}$/.test(subtype) ? `document.${subtype}` : "document";
}

/**
 * Refuses media that no OpenAI-compatible API can carry: video, addresses that only Google can read, and sound without a
 * header that says what it is.
 */
export function refuseMedia(upstream: string, media: MediaContent, path: string): Refusal | undefined {
  if (media.type === "video") return { field: path, message: `The upstream '${upstream}' takes no video.` };
  if (media.uri !== undefined && isGoogleOnly(media.uri)) {
    return {
      field: `${path}.uri`,
      message: `The upstream '${upstream}' cannot read '${shownUri(media.uri)}', which only Google's services can. Send the bytes as 'data' instead.`,
    };
  }
  const mimeType = mimeTypeOf(media);
  if (media.type === "audio" && /^audio\/(?:l\d+|pcm|alaw|mulaw)$/.test(mimeType)) {
    return {
      field: `${path}.mime_type`,
      message: `The upstream '${upstream}' takes no raw '${mimeType}'. Send it as WAV or MP3.`,
    };
  }
  return undefined;
}
