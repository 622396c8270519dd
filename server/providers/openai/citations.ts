import type { OpenAI } from "openai";
import type { Annotation } from "../../../schema/core/content.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import { numberIn } from "../json-members.ts";
import { BytePlaces, bytesOf } from "./byte-places.ts";

/** A citation in the words of the Responses API. */
export type WireAnnotation = OpenAI.Responses.ResponseOutputText["annotations"][number];

/**
 * A citation of the upstream's in ours: offsets become UTF-8 bytes. `undefined` while `text` does not reach as far as the
 * citation does. OpenAI counts characters (its recordings agree; the reference does not say of what kind, and Unicode code
 * points are taken, as in Python). A file is cited at one place, which becomes a span without length. `places` are those of
 * the text, for whoever has many citations of it.
 */
export function annotationOf(wire: JsonObject, text: string, places = new BytePlaces()): Annotation | undefined {
  const { index, start_index, end_index, ...rest } = wire;
  const start = numberIn(wire, "start_index") ?? numberIn(wire, "index");
  const end = numberIn(wire, "end_index") ?? start;
  const annotation: Annotation = { ...named(rest) };
  if (start === undefined || end === undefined) return annotation;
  const startByte = places.bytesAt(text, start);
  const endByte = places.bytesAt(text, end);
  return startByte === undefined || endByte === undefined
    ? undefined
    : { ...annotation, start_index: startByte, end_index: endByte };
}

/**
 * A citation of ours as the upstream takes it back; one without a place is for the whole text. `undefined` for one that the
 * API has no words for.
 */
export function wireAnnotation(annotation: Annotation, text: string): WireAnnotation | undefined {
  const { type, start_index: start, end_index: end, url, title, file_id, file_name, container_id } = annotation;
  const end_index = charactersAt(text, end ?? Number.POSITIVE_INFINITY);
  const start_index = charactersAt(text, start ?? 0);
  switch (type) {
    case "url_citation":
      return typeof url === "string"
        ? { type, url, title: typeof title === "string" ? title : "", start_index, end_index }
        : undefined;
    case "file_citation":
      return typeof file_id === "string" && typeof file_name === "string"
        ? { type, file_id, filename: file_name, index: end_index }
        : undefined;
    case "container_file_citation":
      return typeof file_id === "string" && typeof file_name === "string" && typeof container_id === "string"
        ? { type, container_id, file_id, filename: file_name, start_index, end_index }
        : undefined;
    default:
      return undefined;
  }
}

/** Google's word for the name of a cited file. */
function named({ filename, ...rest }: JsonObject): JsonObject {
  return filename === undefined ? rest : { ...rest, file_name: filename };
}

/** How many code points the first `bytes` UTF-8 bytes hold. */
function charactersAt(text: string, bytes: number): number {
  let count = 0;
  let left = bytes;
  for (const character of text) {
    if (left <= 0) break;
    left -= bytesOf(character.codePointAt(0) ?? 0);
    count += 1;
  }
  return count;
}
