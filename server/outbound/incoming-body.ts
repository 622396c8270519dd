/** Bytes that may lie here unread before the sender is told to wait. */
const FURTHEST_AHEAD = 64 * 1024;

/** Who sends: can be held back, let go on, or broken off. */
export type Sender = { pause(): void; resume(): void; abort(reason: Error): void };

/** How long a body may become, in bytes, and why it is broken off there; without a reason it just ends. */
export type BodyLimit = { bytes: number; reason?: Error };

const unlimited: BodyLimit = { bytes: Number.POSITIVE_INFINITY };
const enough = new Error("The rest is not wanted.");

/** The body of an answer while it comes in: what has arrived and was not read yet. */
export class IncomingBody {
  readonly #sender: Sender;
  readonly #limit: BodyLimit;
  #received = 0;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #paused = false;
  #ended = false;
  #failure: { reason: unknown } | undefined;
  #wake: (() => void) | undefined;
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(sender: Sender, limit: BodyLimit = unlimited) {
    this.#sender = sender;
    this.#limit = limit;
  }

  push(piece: Uint8Array): void {
    this.#received += piece.length;
    if (this.#received > this.#limit.bytes) {
      this.#breakOff();
      return;
    }
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size > FURTHEST_AHEAD && !this.#paused) {
      this.#paused = true;
      this.#sender.pause();
    }
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Ends it in the middle. What arrived before can still be read. */
  fail(reason: unknown): void {
    if (this.#ended) return;
    this.#failure = { reason };
    this.end();
    if (this.#pieces.length === 0) this.#stream?.error(reason);
  }

  /** Breaks off the sender, unless all of it is here, and forgets what was not read. */
  cancel(reason: unknown): void {
    this.#pieces = [];
    if (this.#ended) return;
    this.fail(reason);
    this.#sender.abort(reason instanceof Error ? reason : new Error("Nobody wants it any more."));
  }

  /** All that has arrived since the last time in one piece; `undefined` at the end. Throws what `fail` was told. */
  async read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (this.#pieces.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#pieces.length > 0) return this.#take();
    if (this.#failure !== undefined) throw this.#failure.reason;
    return undefined;
  }

  /** A stream of the platform that reads from here, and never ahead of its own reader. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#stream = controller;
        },
        pull: async (controller) => {
          const piece = await this.read();
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
        cancel: (reason) => this.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  #breakOff(): void {
    if (this.#ended) return;
    const { reason } = this.#limit;
    if (reason === undefined) this.end();
    else this.fail(reason);
    this.#sender.abort(reason ?? enough);
  }

  #take(): Uint8Array<ArrayBuffer> {
    // Servers send every event as a piece of its own: reading those that came together costs a third of reading each.
    const all = Buffer.concat(this.#pieces, this.#size);
    this.#pieces = [];
    this.#size = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#sender.resume();
    }
    return all;
  }
}
