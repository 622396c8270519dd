import {
  formatInteractionId,
  idsPerMillisecond,
  ownPart,
  parseInteractionId,
  randomBytesPerId,
} from "../../schema/core/interaction-id.ts";

const IDS_PER_DRAW = 256;

/** Makes ids whose own parts sort in the order they were made, also within a millisecond and when the clock steps back. */
export function createIdMinter(now: () => number, random: (bytes: number) => Uint8Array) {
  let pool = new Uint8Array();
  let used = 0;
  let last = 0;
  let counter = 0;
  /** Random bytes for one id, taken from a larger draw: each draw is a call into the system. */
  function draw(): Uint8Array {
    if (used + randomBytesPerId > pool.length) {
      pool = Uint8Array.from(random(IDS_PER_DRAW * randomBytesPerId));
      used = 0;
    }
    used += randomBytesPerId;
    return pool.subarray(used - randomBytesPerId, used);
  }

  /** A new id in the chain of `root`, or the root of a new chain. */
  return function mint(root?: string): string {
    const time = Math.max(now(), last);
    counter = time === last ? counter + 1 : 0;
    last = time;
    if (counter === idsPerMillisecond) {
      last += 1;
      counter = 0;
    }
    const own = ownPart(last, counter, draw());
    return formatInteractionId({ root: (root && parseInteractionId(root)?.own) || own, own });
  };
}
