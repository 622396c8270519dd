import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { HubError } from "../../../schema/core/error.ts";
import type { Read, Rights } from "../../operation.ts";

/** A key that clients may send, by the SHA-256 of its UTF-8 bytes, and whether nothing can be changed by it. */
export type KeyDigest = { name: string; digest: Uint8Array; read_only: boolean };

/** The keys that a request carries, in any of three forms. Whoever brings a key for an upstream has two. */
function sentKeys(header: Read, query: Read): string[] {
  const bearer = /^bearer +(\S+) *$/i.exec(header("authorization") ?? "")?.[1];
  return [header("x-goog-api-key"), bearer, query("key")].filter(
    (key): key is string => key !== undefined && key !== "",
  );
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

/**
 * What a request may do by the keys that it carries; the best of them counts. Throws where none of them is configured.
 * Without configured keys everything may be done.
 */
export function rightsOf(keys: readonly KeyDigest[], header: Read, query: Read): Rights {
  if (keys.length === 0) return { readOnly: false };
  const sent = sentKeys(header, query);
  if (sent.length === 0) {
    throw new HubError(
      "authentication",
      "An API key is needed: send it as x-goog-api-key, as Authorization: Bearer, or as ?key= in the URL.",
    );
  }
  const found = sent.map((key) => findKey(keys, key)).filter((key) => key !== undefined);
  const best = found.find((key) => !key.read_only) ?? found[0];
  if (best === undefined) throw new HubError("authentication", "The API key is not valid.");
  return { readOnly: best.read_only, key: best.name };
}

/** Refuses requests without a configured key, except to `open` paths. Handlers find the rights in the context. */
export function keyCheck(keys: readonly KeyDigest[], open: ReadonlySet<string> = new Set()): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const rights = open.has(req.path) ? { readOnly: true } : rightsOf(keys, req.header.bind(req), req.query.bind(req));
    context.set("rights", rights);
    await next();
  };
}
