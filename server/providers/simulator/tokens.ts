import type { Content, MediaContent } from "../../../schema/core/content.ts";
import type { ToolOutcome } from "../../../schema/core/step.ts";
import { byteCount } from "./media-note.ts";

/** A token stands for about so many characters. */
export const CHARACTERS_PER_TOKEN = 4;
const IMAGE_TOKENS = 258;
const AUDIO_TOKENS_PER_SECOND = 32;
const VIDEO_TOKENS_PER_SECOND = 263;
const PAGE_TOKENS = 258;
/** Media are never decoded to be counted: their length in seconds or pages follows from usual rates. */
const COMPRESSED_AUDIO_BYTES_PER_SECOND = 16_000;
const VIDEO_BYTES_PER_SECOND = 250_000;
const BYTES_PER_PAGE = 50_000;

/** Tokens of a text. */
export function textTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Tokens of a text or a medium. */
export function contentTokens(content: Content): number {
  switch (content.type) {
    case "text":
      return textTokens(content.text);
    case "image":
      return IMAGE_TOKENS;
    case "audio":
      return Math.ceil(bytesOf(content) / audioRate(content)) * AUDIO_TOKENS_PER_SECOND;
    case "video":
      return Math.ceil(bytesOf(content) / VIDEO_BYTES_PER_SECOND) * VIDEO_TOKENS_PER_SECOND;
    case "other":
      return textTokens(JSON.stringify(content.raw));
    case "document":
      return Math.ceil(bytesOf(content) / BYTES_PER_PAGE) * PAGE_TOKENS;
    default:
      return content satisfies never;
  }
}

/** Tokens of what a tool gave back. */
export function outcomeTokens(outcome: ToolOutcome | undefined): number {
  switch (outcome?.type) {
    case undefined:
      return 0;
    case "text":
      return textTokens(outcome.text);
    case "json":
      return textTokens(JSON.stringify(outcome.json));
    case "content":
      return outcome.content.reduce((sum, content) => sum + contentTokens(content), 0);
    default:
      return outcome satisfies never;
  }
}

/** A medium at a URI counts as one second or one page. */
function bytesOf(media: MediaContent): number {
  return media.data === undefined ? 1 : byteCount(media.data);
}

function audioRate(media: MediaContent): number {
  if (!/wav|l16|pcm/i.test(media.mime_type ?? "")) return COMPRESSED_AUDIO_BYTES_PER_SECOND;
  return (media.sample_rate ?? 24_000) * (media.channels ?? 1) * 2;
}
