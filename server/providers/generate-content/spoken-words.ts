import { Buffer } from "node:buffer";
import type { Annotation } from "../../../schema/core/content.ts";
import type { WireTranscription } from "./wire.ts";

/** When each word was spoken, and by whom: annotations of a text that the transcription's own text continues. */
export function spokenWords({ text = "", speakerLabel, words = [] }: WireTranscription, before: string): Annotation[] {
  const speaker = speakerLabel === undefined ? {} : { speaker: speakerLabel };
  let from = 0;
  return words.map(({ word = "", startOffset, endOffset }) => {
    const found = word === "" ? -1 : text.indexOf(word, from);
    if (found !== -1) from = found + word.length;
    const start = Buffer.byteLength(before + text.slice(0, Math.max(0, found)));
    return {
      type: "word_info",
      text: word,
      ...(startOffset === undefined ? {} : { start_offset: startOffset }),
      ...(endOffset === undefined ? {} : { end_offset: endOffset }),
      ...speaker,
      ...(found === -1 ? {} : { start_index: start, end_index: start + Buffer.byteLength(word) }),
    };
  });
}
