import { z } from "zod";
import { carried, named, notLegacy, openEnum } from "./disposition.ts";

const span = {
  start_index: z.int().optional().describe("First byte of the span, in UTF-8."),
  end_index: z.int().optional().describe("First byte after the span, in UTF-8."),
};

const UrlCitation = named(
  "UrlCitation",
  "honoured",
  "A web page as a source.",
  z.looseObject({ type: z.literal("url_citation"), url: z.string().optional(), title: z.string().optional(), ...span }),
);

const FileCitation = named(
  "FileCitation",
  "honoured",
  "A document as a source.",
  z.looseObject({
    type: z.literal("file_citation"),
    document_uri: z.string().optional(),
    file_name: z.string().optional(),
    source: z.string().optional(),
    page_number: z.int().optional(),
    media_id: z.string().optional(),
    custom_metadata: carried().optional(),
    ...span,
  }),
);

const PlaceCitation = named(
  "PlaceCitation",
  "honoured",
  "A place on the map as a source.",
  z.looseObject({
    type: z.literal("place_citation"),
    place_id: z.string().optional(),
    name: z.string().optional(),
    url: z.string().optional(),
    review_snippets: z.array(carried()).optional(),
    ...span,
  }),
);

const WordInfo = named(
  "WordInfo",
  notLegacy,
  "When a word was spoken, and by whom.",
  z.looseObject({
    type: z.literal("word_info"),
    text: z.string().optional(),
    start_offset: z.string().optional().describe('A duration, such as "1.2s".'),
    end_offset: z.string().optional(),
    speaker: z.string().optional(),
    ...span,
  }),
);

const SpeechMetadata = named(
  "SpeechMetadata",
  notLegacy,
  "How a span was spoken, and by whom.",
  z.looseObject({
    type: z.literal("speech_metadata"),
    speaker: z.string().optional(),
    style: z.string().optional(),
    ...span,
  }),
);

/** An annotation of before JavaScript 1.46 and Python 1.68, or one newer than the hub. */
const OtherAnnotation = named(
  "OtherAnnotation",
  "honoured: carried as it is; not sent in the legacy revision, unless it has no type",
  "An annotation without a type, as the first clients of the legacy revision have it, or of a type not listed here.",
  z.looseObject({ type: openEnum("in_context_file_citation", "reference_metadata").optional(), ...span }),
);

/** The sources of a text. The legacy revision has the citations and those without a type. */
export const Annotation = named(
  "Annotation",
  "honoured",
  "What supports a span of a text.",
  z.union([UrlCitation, FileCitation, PlaceCitation, WordInfo, SpeechMetadata, OtherAnnotation]),
);
