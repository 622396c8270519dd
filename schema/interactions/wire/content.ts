import { z } from "zod";
import { Annotation } from "./annotation.ts";
import { carried, named, openEnum } from "./disposition.ts";

const source = {
  data: z.string().optional().describe("The bytes in base64; exactly one of `data` and `uri` is there."),
  uri: z.string().optional().describe("Where the bytes are: a whole URI."),
};
const resolution = openEnum("low", "medium", "high", "ultra_high").optional();

export const TextContent = named(
  "TextContent",
  "honoured",
  "Text, with the sources of its spans.",
  z.looseObject({ type: z.literal("text"), text: z.string(), annotations: z.array(Annotation).optional() }),
);

export const ImageContent = named(
  "ImageContent",
  "honoured",
  "An image.",
  z.looseObject({
    type: z.literal("image"),
    ...source,
    mime_type: openEnum("image/png", "image/jpeg", "image/webp", "image/heic", "image/gif").optional(),
    resolution,
  }),
);

export const AudioContent = named(
  "AudioContent",
  "honoured",
  "Sound. The legacy name `rate` of `sample_rate` is read too.",
  z.looseObject({
    type: z.literal("audio"),
    ...source,
    mime_type: openEnum("audio/wav", "audio/mp3", "audio/l16", "audio/ogg", "audio/flac").optional(),
    sample_rate: z.int().optional().describe("In hertz."),
    channels: z.int().optional(),
  }),
);

export const DocumentContent = named(
  "DocumentContent",
  "honoured",
  "A document.",
  z.looseObject({
    type: z.literal("document"),
    ...source,
    mime_type: openEnum("application/pdf", "text/csv").optional(),
  }),
);

export const VideoContent = named(
  "VideoContent",
  "honoured",
  "A video.",
  z.looseObject({
    type: z.literal("video"),
    ...source,
    mime_type: openEnum("video/mp4", "video/mpeg", "video/webm").optional(),
    resolution,
    name: z.string().optional(),
    processing: z
      .union([openEnum("static", "agentic"), carried()])
      .optional()
      .describe("`static`, `agentic`, or an object with offsets and frames per second."),
  }),
);

/** A part of a step or of a turn, the same in both revisions. */
export const Content = named(
  "Content",
  "honoured",
  "Text or media.",
  z.discriminatedUnion("type", [TextContent, ImageContent, AudioContent, DocumentContent, VideoContent]),
);
