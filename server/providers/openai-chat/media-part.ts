import type { MediaContent } from "../../../schema/core/content.ts";
import type { Degradation } from "../../../schema/core/degradation.ts";
import { isGoogleOnly } from "../media-uri.ts";
import { mimeTypeOf } from "../mime-type-of.ts";
import {
  audioFormat,
  dataUrl,
  documentName,
  documentText,
  imageDetail,
  imageUrl,
  isTextType,
} from "../openai/media-parts.ts";
import type { Part } from "./wire.ts";

/** The sound that OpenAI itself takes; other servers take more. */
const openaiAudio: ReadonlySet<string> = new Set(["wav", "mp3"]);

/** Why an upstream cannot be given some media, in words that follow its name; `undefined` if it can. */
export function mediaObstacle(media: MediaContent, isOpenai: boolean): string | undefined {
  // What stands at an address may be of another type than it seems; it is judged once it has been fetched.
  if (!isOpenai || media.data === undefined) return undefined;
  const mimeType = mimeTypeOf(media);
  if (media.type === "audio" && !openaiAudio.has(audioFormat(media))) return `takes no audio of type '${mimeType}'`;
  if (media.type === "document" && mimeType !== "application/pdf" && !isTextType(mimeType))
    return `takes no documents of type '${mimeType}'`;
  return undefined;
}

/**
 * Media as a part of what the user says; `undefined` where the API has none for them. Images may be at a URI, the others
 * must have their bytes with them. Documents that are plain text are given as that.
 */
export function mediaPart(media: MediaContent, path: string, told: Degradation[]): Part | undefined {
  if (media.uri !== undefined && (media.type !== "image" || isGoogleOnly(media.uri))) return undefined;
  switch (media.type) {
    case "image": {
      const { detail, isExact } = imageDetail(media);
      if (!isExact)
        told.push({
          field: `${path}.resolution`,
          message: `The resolution '${media.resolution}' has no counterpart; '${detail ?? "auto"}' was asked for.`,
        });
      const image_url = { url: imageUrl(media), ...(detail === undefined ? {} : { detail }) };
      return { type: "image_url", image_url };
    }
    case "audio": {
      const format = audioFormat(media);
      if (/^(?:l\d+|pcm|alaw|mulaw)$/.test(format)) return undefined;
      // The client's type knows OpenAI's two formats; other servers take more.
      return { type: "input_audio", input_audio: { data: media.data ?? "", format: format as "wav" | "mp3" } };
    }
    case "document": {
      const text = documentText(media);
      if (text !== undefined) return { type: "text", text };
      return { type: "file", file: { filename: documentName(media), file_data: dataUrl(media) } };
    }
    case "video":
      return undefined;
    default:
      return media.type satisfies never;
  }
}
