import { searchMarks } from "../archive.ts";

/** A piece of a snippet: a match, or what stands around one. */
export type SnippetFragment = { text: string; matched: boolean };

const marked = new RegExp(`${searchMarks.start}([^${searchMarks.end}]*)${searchMarks.end}`, "u");

/** The pieces of a snippet in order, without the marks. */
export function snippetFragments(snippet: string): SnippetFragment[] {
  // Every second piece is what stood between two marks.
  return snippet
    .split(marked)
    .map((text, index) => ({ text, matched: index % 2 === 1 }))
    .filter(({ text }) => text !== "");
}
