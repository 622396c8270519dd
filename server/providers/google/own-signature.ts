import type { Signature } from "../../../schema/core/step.ts";

/** How base64 begins in which another kind of upstream of this hub seals what it made: as a JSON object. */
const SEALED = "eyJ";

/**
 * The signature of a step that this upstream made; empty where it made the step but signed nothing, `undefined` where
 * somebody else made it. `author` ran the interaction in which the step stands, if it stands in the chain. A client that
 * keeps the history itself replays signatures without saying whose they are: where it asks this upstream, they count as its
 * own, unless another one can be told to have made them.
 */
export function ownSignature(
  signature: Signature | undefined,
  upstream: string,
  author: string | undefined,
): string | undefined {
  if (signature?.provider !== undefined) return signature.provider === upstream ? signature.value : undefined;
  const value = signature?.value ?? "";
  if (value === "") return author === upstream ? "" : undefined;
  return value.startsWith(SEALED) || (author ?? upstream) !== upstream ? undefined : value;
}
