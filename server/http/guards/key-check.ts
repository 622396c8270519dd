import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { HubError } from "../../../schema/core/error.ts";

/** A key that clients may send, by the SHA-256 of its UTF-8 bytes. */
export type KeyDigest = { name: string; digest: Uint8Array };

/** Reads a header or a parameter of the query by its name. */
type Read = (name: string) => string | undefined;

/** The keys that a request carries, in any of three forms. Whoever brings a key for an upstream has two. */
function sentKeys(header: Read, query: Read): string[] {
  const bearer = /^bearer +(\S+) *$/i.exec(header("authorization") ?? "")?.[1];
  return [header("x-goog-api-key"), bearer, query("key")].filter((key): key is string => key !== undefined && key !== "");
}

/** The key that a request brings for an upstream of its own, if it brings one: none of the hub's ever leaves the hub. */
export function callerKey(keys: readonly KeyDigest[], header: Read, query: Read): string | undefined {
  return [header("x-goog-api-key"), query("key")].find(
    (key) => key !== undefined && key !== "" && findKey(keys, key) === undefined,
  );
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
      const sent = sentKeys(
        (name) => context.req.header(name),
        (name) => context.req.query(name),
      );
      if (sent.length === 0) {
        throw new HubError(
          "authentication",
          "An API key is needed: send it as x-goog-api-key, as Authorization: Bearer, or as ?key= in the URL.",
        );
      }
      if (sent.every((key) => findKey(keys, key) === undefined))
        throw new HubError("authentication", "The API key is not valid.");
    }
    await next();
  };
}
