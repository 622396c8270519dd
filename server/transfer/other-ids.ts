import { createHmac } from "node:crypto";
import {
  formatInteractionId,
  ownPart,
  parseInteractionId,
  randomBytesPerId,
} from "../../schema/core/interaction-id.ts";

/** Characters of an own part before its random ones: its time, and its order within that. */
const ORDERED = 11;
const LENGTH = 23;
const SECRET_BYTES = 32;

/**
 * Gives interactions other ids, which nobody can foretell, of the same times and in the same order. The same id always gives
 * the same other one, so that links can be followed without a list of all ids, however many there are.
 */
export function createOtherIds(random: (bytes: number) => Uint8Array): (id: string) => string {
  const secret = random(SECRET_BYTES);

  function otherPart(part: string): string {
    const drawn = createHmac("sha256", secret).update(part).digest();
    // Ids of other makers have no time that could be kept.
    const ordered = part.length === LENGTH ? part.slice(0, ORDERED) : letters(drawn.subarray(randomBytesPerId));
    return ordered.slice(0, ORDERED) + letters(drawn);
  }

  return (id) => {
    const { root, own } = parseInteractionId(id) ?? { root: id, own: id };
    return formatInteractionId({ root: otherPart(root), own: otherPart(own) });
  };
}

/** As many letters as an id has random ones. */
function letters(bytes: Uint8Array): string {
  return ownPart(0, 0, bytes).slice(ORDERED);
}
