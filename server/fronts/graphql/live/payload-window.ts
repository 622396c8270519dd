/** A result as it goes over the wire, and the position of what it tells. */
export type Payload = { position: number; text: string };

/** The latest payloads, without gaps. Whoever has fallen further behind reads what happened again. */
export type PayloadWindow = {
  /** Everything after a position, or `undefined` where some of it is not held any more. */
  after(position: number): readonly Payload[] | undefined;
  add(payloads: readonly Payload[]): void;
};

/** What a window holds: enough for readers that join or fall behind a little, and small beside a thousand channels. */
const MOST_PAYLOADS = 256;
const MOST_CHARACTERS = 1_000_000;

/** A window that begins behind a position. With `latestOnly` it holds one payload, which stands for all before it. */
export function createPayloadWindow(start: number, latestOnly: boolean): PayloadWindow {
  let payloads: Payload[] = [];
  let behind = start;
  let characters = 0;
  return {
    after(position) {
      if (position < behind && !latestOnly) return undefined;
      if (position >= (payloads.at(-1)?.position ?? behind)) return [];
      return payloads.filter((payload) => payload.position > position);
    },
    add(added) {
      payloads = latestOnly ? added.slice(-1) : [...payloads, ...added];
      if (latestOnly) return;
      for (const { text } of added) characters += text.length;
      let dropped = 0;
      while (payloads.length - dropped > MOST_PAYLOADS || characters > MOST_CHARACTERS) {
        const oldest = payloads[dropped];
        if (oldest === undefined) break;
        characters -= oldest.text.length;
        behind = oldest.position;
        dropped += 1;
      }
      if (dropped > 0) payloads = payloads.slice(dropped);
    },
  };
}
