import { type Content, isMedia, type MediaContent } from "../../../schema/core/content.ts";
import type { Degradation } from "../../../schema/core/degradation.ts";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { ModelTraits } from "../google/model-traits.ts";
import { mimeTypeOf } from "../mime-type-of.ts";
import type { WireMedia, WirePart } from "./wire.ts";

/** For whom a part is made, and where it is told what it could not hold. */
export type PartContext = { upstream: string; traits: ModelTraits; degradations: Degradation[] };

/** A content as a part; `undefined` where there is nothing to send. `place` is its path in the request. */
export function contentPart(content: Content, place: string, context: PartContext): WirePart | undefined {
  if (content.type === "text") return content.text === "" ? undefined : { text: content.text };
  if (isMedia(content)) return mediaPart(content, place, context);
  context.degradations.push({
    field: place,
    message: `The upstream '${context.upstream}' has no such content, so it was left out.`,
  });
  return undefined;
}

/** Media as a part, with what the model is to make of them. */
export function mediaPart(media: MediaContent, place: string, context: PartContext): WirePart {
  const part: WirePart = wireMedia(media);
  const { upstream, traits, degradations } = context;
  const tell = (member: string, message: string): void => {
    degradations.push({ field: `${place}.${member}`, message });
  };
  if (media.resolution !== undefined) {
    if (traits.isModern) part.mediaResolution = { level: `MEDIA_RESOLUTION_${media.resolution.toUpperCase()}` };
    else tell("resolution", `This model of '${upstream}' has one resolution for all media, so it was left out.`);
  }
  if (media.name !== undefined) tell("name", `The upstream '${upstream}' takes no names of media, so it was left out.`);
  if (media.type === "video" && media.processing !== undefined) Object.assign(part, processingOf(media.processing));
  return part;
}

/** The bytes or the address of media. */
export function wireMedia(media: MediaContent): WireMedia {
  if (media.data !== undefined) return { inlineData: { mimeType: wholeMimeType(media), data: media.data } };
  const mimeType = media.mime_type === undefined ? {} : { mimeType: media.mime_type };
  return { fileData: { ...mimeType, fileUri: media.uri ?? "" } };
}

/** Raw sound says in its type how fast it is to be played; a file says it itself. */
function wholeMimeType(media: MediaContent): string {
  if (media.mime_type === undefined) return mimeTypeOf(media);
  if (!/^audio\/(?:l\d+|pcm)$/i.test(media.mime_type)) return media.mime_type;
  const rate = media.sample_rate === undefined ? "" : `;rate=${media.sample_rate}`;
  const channels = media.channels === undefined ? "" : `;channels=${media.channels}`;
  return `${media.mime_type}${rate}${channels}`;
}

function processingOf(processing: string | JsonObject): Pick<WirePart, "mediaProcessing" | "videoMetadata"> {
  if (!isJsonObject(processing)) return { mediaProcessing: String(processing).toUpperCase() };
  const { type, start_offset, end_offset, fps } = processing;
  const metadata: JsonObject = {};
  if (start_offset !== undefined) metadata.startOffset = start_offset;
  if (end_offset !== undefined) metadata.endOffset = end_offset;
  if (fps !== undefined) metadata.fps = fps;
  return {
    ...(typeof type === "string" ? { mediaProcessing: type.toUpperCase() } : {}),
    ...(Object.keys(metadata).length === 0 ? {} : { videoMetadata: metadata }),
  };
}
