import type { Annotation, Content } from "../../../schema/core/content.ts";
import type { JsonObject } from "../../../schema/core/json.ts";

const span = ["type", "start_index", "end_index"];

/** Google's annotations with the members that it knows of each. */
const annotations: ReadonlyMap<string | undefined, ReadonlySet<string>> = new Map([
  ["url_citation", new Set([...span, "url", "title"])],
  [
    "file_citation",
    new Set([...span, "document_uri", "file_name", "source", "page_number", "media_id", "custom_metadata"]),
  ],
  ["place_citation", new Set([...span, "place_id", "name", "url", "review_snippets"])],
  ["word_info", new Set([...span, "text", "start_offset", "end_offset", "speaker"])],
  ["speech_metadata", new Set([...span, "speaker", "style"])],
]);

/**
 * A content that another upstream or its client said, with nothing that Google does not know: it refuses a request that
 * holds more. `leftOut` is told what had to go; `undefined` where all of it had to.
 */
export function foreignContent(content: Content, leftOut: (what: string) => void): Content | undefined {
  if (content.type === "other") {
    leftOut(`a content of the type '${String(content.raw.type)}'`);
    return undefined;
  }
  const { extra, ...plain } = content;
  if (extra !== undefined) leftOut(namesOf(extra));
  if (plain.type !== "text" || plain.annotations === undefined) return plain;
  const { annotations: given, ...text } = plain;
  const known = given.flatMap((annotation) => foreignAnnotation(annotation, leftOut));
  return known.length === 0 ? text : { ...text, annotations: known };
}

/** How the members are called that somebody else than Google had added. */
export function namesOf(extra: JsonObject): string {
  return Object.keys(extra)
    .map((name) => `'${name}'`)
    .join(", ");
}

function foreignAnnotation(annotation: Annotation, leftOut: (what: string) => void): Annotation[] {
  const members = annotations.get(annotation.type);
  if (members === undefined) {
    leftOut(`an annotation of the type '${annotation.type ?? "none"}'`);
    return [];
  }
  const strangers = Object.keys(annotation).filter((name) => !members.has(name));
  if (strangers.length === 0) return [annotation];
  leftOut(strangers.map((name) => `'${name}'`).join(", "));
  return [Object.fromEntries(Object.entries(annotation).filter(([name]) => members.has(name)))];
}
