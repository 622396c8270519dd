import { z } from "zod";
import { carried, named, openEnum, optional } from "./disposition.ts";

const delivery = optional(openEnum("inline", "uri"), "passed on");

const TextFormat = named(
  "TextFormat",
  "honoured",
  "Text, perhaps JSON by a schema.",
  z.looseObject({
    type: z.literal("text"),
    mime_type: optional(openEnum("application/json", "text/plain"), "honoured", "JSON if there is a schema."),
    schema: optional(carried(), "honoured", "A JSON schema."),
  }),
);

const ImageFormat = named(
  "ImageFormat",
  "passed on: refused by upstreams without it",
  "An image.",
  z.looseObject({
    type: z.literal("image"),
    mime_type: optional(openEnum("image/jpeg", "image/png"), "passed on"),
    aspect_ratio: optional(openEnum("1:1", "3:2", "4:3", "16:9", "21:9"), "passed on"),
    image_size: optional(openEnum("512", "1K", "2K", "4K"), "passed on: in upper case"),
    delivery,
  }),
);

const AudioFormat = named(
  "AudioFormat",
  "passed on: refused by upstreams without it",
  "Sound.",
  z.looseObject({
    type: z.literal("audio"),
    mime_type: optional(openEnum("audio/mp3", "audio/ogg_opus", "audio/l16", "audio/wav"), "passed on"),
    sample_rate: optional(z.int(), "passed on", "In hertz."),
    bit_rate: optional(z.int(), "passed on"),
    delivery,
  }),
);

const VideoFormat = named(
  "VideoFormat",
  "passed on: refused by upstreams without it",
  "A video.",
  z.looseObject({
    type: z.literal("video"),
    aspect_ratio: optional(openEnum("16:9", "9:16"), "passed on"),
    resolution: optional(openEnum("360p", "720p", "1080p", "4k"), "passed on"),
    duration: optional(z.string(), "passed on", 'Such as "8s".'),
    delivery,
    gcs_uri: optional(z.string(), "passed on"),
  }),
);

/** One output that the answer must have. */
export const ResponseFormat = named(
  "ResponseFormat",
  "honoured",
  "One output that the answer must have. The camelCase names of the first SDKs 2.x are read too.",
  z.discriminatedUnion("type", [TextFormat, ImageFormat, AudioFormat, VideoFormat]),
);

/** A bare JSON schema: any object whose `type` is none of the formats'. */
export const JsonSchema = named(
  "JsonSchema",
  "translated: into a text entry with this schema",
  "A JSON schema, standing alone.",
  carried(),
);
