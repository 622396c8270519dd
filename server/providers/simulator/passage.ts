import type { Annotation, TextContent } from "../../../schema/core/content.ts";

/** Where a statement comes from. */
export type Source = { url: string; title: string };

/** A stretch of an answer, with the source that supports it. */
export type Passage = { text: string; source?: Source };

/** The passages as one text, each source as a `url_citation` over its bytes. */
export function joinPassages(passages: readonly Passage[]): TextContent {
  const text = passages.map((passage) => passage.text).join("");
  if (!passages.some((passage) => passage.source)) return { type: "text", text };
  const annotations: Annotation[] = [];
  let position = 0;
  for (const passage of passages) {
    const trailing = passage.text.length - passage.text.trimEnd().length;
    const leading = passage.text.length - passage.text.trimStart().length;
    const end = position + Buffer.byteLength(passage.text);
    if (passage.source !== undefined) {
      // Only white space is trimmed; its characters here are all of one byte.
      const [start_index, end_index] = [position + leading, end - trailing];
      annotations.push({ type: "url_citation", ...passage.source, start_index, end_index });
    }
    position = end;
  }
  return { type: "text", text, annotations };
}
