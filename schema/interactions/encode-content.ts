import type { Content } from "../core/content.ts";
import type { JsonObject } from "../core/json.ts";

/**
 * A content in the wire's words, which are the same in both revisions. Media must come with its bytes or its URI: the
 * hash by which the hub stores bytes means nothing to a client, so a content that has only that is a bug of the caller.
 */
export function encodeContent(content: Content): JsonObject {
  if (content.type === "text") {
    const { text, annotations, type } = content;
    return withExtra(
      { text, ...(annotations === undefined ? {} : { annotations }), type } as JsonObject,
      content.extra,
    );
  }
  if (content.type === "other") return content.raw;
  const { type, blob, extra, ...members } = content;
  if (blob !== undefined && members.data === undefined) {
    throw new Error(`the bytes of a stored ${type} were not loaded before it was encoded`);
  }
  return withExtra({ ...members, type }, extra);
}

/** Gives back the members that the hub carried without knowing them; one that it does know is never replaced. */
export function withExtra(known: JsonObject, extra: JsonObject | undefined): JsonObject {
  return extra === undefined ? known : { ...known, ...extra, ...known };
}
