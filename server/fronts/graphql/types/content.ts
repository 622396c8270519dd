import {
  type Annotation as AnnotationOf,
  type Content as ContentOf,
  isMedia,
  type MediaContent as MediaOf,
  type OtherContent as OtherOf,
  type TextContent as TextOf,
} from "../../../../schema/core/content.ts";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { builder } from "../builder.ts";
import { readMedia } from "../read-media.ts";
import { MediaWord } from "./words.ts";

const extra = "Members that the hub does not know, as they came.";

export const Annotation = builder.objectRef<AnnotationOf>("Annotation");
Annotation.implement({
  description: "What supports a span of a text: a source, for instance.",
  fields: (t) => ({
    type: t.string({
      nullable: true,
      resolve: ({ type }) => type,
      description:
        "What it is: `url_citation`, `file_citation`, `place_citation`, `word_info`, `speech_metadata` or a newer one.",
    }),
    startIndex: t.int({
      nullable: true,
      resolve: ({ start_index }) => start_index,
      description: "The first byte of the span, in UTF-8.",
    }),
    endIndex: t.int({
      nullable: true,
      resolve: ({ end_index }) => end_index,
      description: "The first byte behind the span, in UTF-8.",
    }),
    url: t.string({ nullable: true, description: "Where the source is.", resolve: ({ url }) => textOf(url) }),
    title: t.string({
      nullable: true,
      description: "What the source is called.",
      resolve: ({ title }) => textOf(title),
    }),
    members: t.field({
      type: "JSON",
      description: "All of its members, under the names that REST gives them.",
      resolve: (annotation) => annotation as JsonObject,
    }),
  }),
});

const TextContent = builder.objectRef<TextOf>("TextContent");
TextContent.implement({
  description: "Text.",
  fields: (t) => ({
    text: t.exposeString("text", { description: "The text." }),
    annotations: t.field({
      type: [Annotation],
      description: "What supports spans of it.",
      resolve: ({ annotations }) => annotations ?? [],
    }),
    extra: t.field({ type: "JSON", nullable: true, description: extra, resolve: (content) => content.extra }),
  }),
});

const MediaContent = builder.objectRef<MediaOf>("MediaContent");
MediaContent.implement({
  description: "An image, audio, a video or a document.",
  fields: (t) => ({
    type: t.field({ type: MediaWord, description: "What it is.", resolve: ({ type }) => type }),
    mimeType: t.exposeString("mime_type", {
      nullable: true,
      description: "Its media type, as whoever brought it said.",
    }),
    url: t.field({
      type: "URL",
      nullable: true,
      description:
        "Where its bytes are: on this server, which serves ranges of them too and wants a key as for a query, or where `uri` says.",
      resolve: ({ blob, uri }, _, { caller }) => (blob === undefined ? uri : `${caller.address}/media/${blob}`),
    }),
    uri: t.exposeString("uri", { nullable: true, description: "Where the request said that it is." }),
    sha256: t.exposeString("blob", { nullable: true, description: "The hash of its bytes, if the hub keeps them." }),
    data: t.field({
      type: "Base64",
      nullable: true,
      description: "Its bytes. They are large: better fetch them from `url`.",
      resolve: (content, _, { sources }) => readMedia(sources.archive, content),
    }),
    resolution: t.exposeString("resolution", {
      nullable: true,
      description: "For images and videos: `low`, `medium`, `high` or `ultra_high`.",
    }),
    sampleRate: t.exposeInt("sample_rate", { nullable: true, description: "For audio, in hertz." }),
    channels: t.exposeInt("channels", { nullable: true, description: "For audio: how many." }),
    name: t.exposeString("name", { nullable: true, description: "For videos: a name to refer to it by." }),
    processing: t.field({
      type: "JSON",
      nullable: true,
      description: "For videos: `static`, `agentic`, or an object with offsets and frames per second.",
      resolve: ({ processing }) => processing,
    }),
    extra: t.field({ type: "JSON", nullable: true, description: extra, resolve: (content) => content.extra }),
  }),
});

const OtherContent = builder.objectRef<OtherOf>("OtherContent");
OtherContent.implement({
  description: "A content of a type that the hub does not know.",
  fields: (t) => ({
    raw: t.field({ type: "JSON", description: "The whole content as it came.", resolve: ({ raw }) => raw }),
  }),
});

export const Content = builder.unionType("Content", {
  description: "A part of a step.",
  types: [TextContent, MediaContent, OtherContent],
  resolveType: (content: ContentOf) => {
    if (content.type === "text") return TextContent;
    return isMedia(content) ? MediaContent : OtherContent;
  },
});

/** The text of contents, one after the other. */
export function textOfContents(contents: readonly ContentOf[]): string {
  return contents.map((content) => (content.type === "text" ? content.text : "")).join("");
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
