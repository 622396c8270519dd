import {
  formatInteractionId,
  idsPerMillisecond,
  ownPart,
  parseInteractionId,
  randomBytesPerId,
} from "../../schema/core/interaction-id.ts";

/** Makes ids whose own parts sort in the order they were made, also within a millisecond and when the clock steps back. */
export function createIdMinter(now: () => number, random: (bytes: number) => Uint8Array) {
  let last = 0;
  let counter = 0;
  /** A new id in the chain of `root`, or the root of a new chain. */
  return function mint(root?: string): string {
    const time = Math.max(now(), last);
    counter = time === last ? counter + 1 : 0;
    last = time;
    if (counter === idsPerMillisecond) {
      last += 1;
      counter = 0;
    }
    const own = ownPart(last, counter, random(randomBytesPerId));
    return formatInteractionId({ root: (root && parseInteractionId(root)?.own) || own, own });
  };
}
