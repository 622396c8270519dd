const recordStart = Buffer.from("\ndata: {");
const streamEnd = "data: [DONE]\n\n";

/** Counts the events of one stream as its bytes arrive, wherever they are cut. */
export type EventCounter = {
  take(chunk: Buffer): void;
  count(): number;
  /** Whether the stream has come to its proper end. */
  finished(): boolean;
};

export function createEventCounter(): EventCounter {
  let events = 0;
  let tail: Buffer = Buffer.alloc(0);

  function countIn(bytes: Buffer): void {
    for (let place = bytes.indexOf(recordStart); place !== -1; place = bytes.indexOf(recordStart, place + 1))
      events += 1;
  }

  return {
    take(chunk) {
      const overlap = recordStart.length - 1;
      countIn(Buffer.concat([tail.subarray(-overlap), chunk.subarray(0, overlap)]));
      countIn(chunk);
      tail =
        chunk.length >= streamEnd.length
          ? chunk.subarray(-streamEnd.length)
          : Buffer.concat([tail, chunk]).subarray(-streamEnd.length);
    },
    count: () => events,
    finished: () => tail.toString() === streamEnd,
  };
}
