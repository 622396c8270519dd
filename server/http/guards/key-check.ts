import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { HubError } from "../../../schema/core/error.ts";

/** A key that clients may send, by the SHA-256 of its UTF-8 bytes. */
export type KeyDigest = { name: string; digest: Uint8Array };

/** The key that a request carries; the first of the three forms that is not empty counts. */
function keyOf(header: (name: string) => string | undefined, query: string | undefined): string | undefined {
  const bearer = /^bearer +(\S+) *$/i.exec(header("authorization") ?? "")?.[1];
  return header("x-goog-api-key") || bearer || query || undefined;
}

/**
 * The configured key that equals the one sent. Digests have one length and every one is compared to its end, so the time
 * tells neither how much of a key was right nor which key it was.
 */
function findKey(keys: readonly KeyDigest[], sent: string): KeyDigest | undefined {
  const digest = createHash("sha256").update(sent).digest();
  let found: KeyDigest | undefined;
  for (const key of keys) {
    if (timingSafeEqual(key.digest, digest)) found = key;
  }
  return found;
}

/** Refuses requests without a configured key, except to `open` paths. Without configured keys everything passes. */
export function keyCheck(keys: readonly KeyDigest[], open: ReadonlySet<string> = new Set()): MiddlewareHandler {
  return async (context, next) => {
    if (keys.length > 0 && !open.has(context.req.path)) {
      const sent = keyOf((name) => context.req.header(name), context.req.query("key"));
      if (sent === undefined) {
        throw new HubError(
          "authentication",
          "An API key is needed: send it as x-goog-api-key, as Authorization: Bearer, or as ?key= in the URL.",
        );
      }
      if (findKey(keys, sent) === undefined) throw new HubError("authentication", "The API key is not valid.");
    }
    await next();
  };
}
