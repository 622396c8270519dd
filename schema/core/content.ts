import { z } from "zod";
import { JsonObject } from "./json.ts";

/** The media types a content can have besides text. */
export const mediaTypes = ["image", "audio", "video", "document"] as const;
export type MediaType = (typeof mediaTypes)[number];

/**
 * A source for a span of text: `url_citation`, `file_citation`, `place_citation`, `word_info`, `speech_metadata`, or one
 * that is not known yet. Offsets are UTF-8 bytes, the end exclusive. Members beyond these ride along as they came.
 */
export const Annotation = z.looseObject({
  type: z.string().optional(),
  start_index: z.number().int().optional(),
  end_index: z.number().int().optional(),
});
export type Annotation = z.infer<typeof Annotation>;

/** Text, with the sources that support spans of it. */
export const TextContent = z.strictObject({
  type: z.literal("text"),
  text: z.string(),
  annotations: z.array(Annotation).optional(),
  /** Members that the sender added and the hub does not know; given back as they came. */
  extra: JsonObject.optional(),
});
export type TextContent = z.infer<typeof TextContent>;

/**
 * An image, audio, video or document. Its bytes are in exactly one place: `data` (standard base64, only while a request
 * or an event is on its way), `blob` (SHA-256 in hex of the bytes, once stored), or at `uri`.
 */
export const MediaContent = z.strictObject({
  type: z.enum(mediaTypes),
  mime_type: z.string().optional(),
  data: z.string().optional(),
  blob: z.string().optional(),
  uri: z.string().optional(),
  /** image and video: `low`, `medium`, `high`, `ultra_high`. */
  resolution: z.string().optional(),
  /** audio, in hertz. */
  sample_rate: z.number().int().optional(),
  /** audio. */
  channels: z.number().int().optional(),
  /** video: a name to refer to it by. */
  name: z.string().optional(),
  /** video: `static`, `agentic`, or an object with offsets and frames per second. */
  processing: z.union([z.string(), JsonObject]).optional(),
  extra: JsonObject.optional(),
});
export type MediaContent = z.infer<typeof MediaContent>;

/** A content of a type that the hub does not know, whole. */
export const OtherContent = z.strictObject({ type: z.literal("other"), raw: JsonObject });
export type OtherContent = z.infer<typeof OtherContent>;

/** A part of a step. */
export const Content = z.discriminatedUnion("type", [TextContent, MediaContent, OtherContent]);
export type Content = z.infer<typeof Content>;

/** Whether a content is an image, audio, video or document. */
export function isMedia(content: Content): content is MediaContent {
  return content.type !== "text" && content.type !== "other";
}
