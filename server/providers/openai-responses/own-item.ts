import { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject } from "../../../schema/core/json.ts";
import type { Signature } from "../../../schema/core/step.ts";
import { parsedJson } from "../parsed-json.ts";
import { isTyped, type WireItem } from "./wire.ts";

/**
 * The signature of a step that is an item of an upstream: it holds the item whole, so that the upstream gets back exactly
 * what it made. It names the upstream itself too, because clients who keep the history replay signatures without saying
 * whose they are.
 */
export function sealItem(upstream: string, item: JsonObject): Signature {
  const value = Buffer.from(JSON.stringify({ upstream, item })).toString("base64");
  return { value, provider: upstream };
}

/**
 * The item in a signature, if this upstream made it and it is of the type that the step must be: what a client replays is
 * the client's word, and must not name anything else in the upstream's store.
 */
export function unsealItem(
  upstream: string,
  signature: Signature | undefined,
  types: readonly string[],
): WireItem | undefined {
  if (signature === undefined || (signature.provider ?? upstream) !== upstream) return undefined;
  const sealed = parsedJson(Buffer.from(signature.value, "base64").toString("utf8"));
  if (!isJsonObject(sealed) || sealed.upstream !== upstream) return undefined;
  const { item } = sealed;
  return isTyped(item) && types.includes(item.type) ? item : undefined;
}
