import { RunningHash } from "./running-hash.ts";

/** Bytes that are given on at once. */
const CHUNK = 1 << 16;

/** Takes the bytes of an export in order; the next ones come when it has resolved. */
export type ExportSink = (bytes: Uint8Array) => Promise<void>;

/** Writes lines, in chunks, and keeps the hash of all of them and of those of the interaction that is being written. */
export class LineWriter {
  readonly #sink: ExportSink;
  readonly #all = new RunningHash();
  readonly #section = new RunningHash();
  #isInSection = false;
  #chunks: Buffer[] = [];
  #waiting = 0;
  bytes = 0;

  constructor(sink: ExportSink) {
    this.#sink = sink;
  }

  /** Resolves, where it gives a promise, when there is room for more. */
  write(line: string): Promise<void> | undefined {
    const bytes = Buffer.from(`${line}\n`);
    this.#all.add(bytes);
    if (this.#isInSection) this.#section.add(bytes);
    this.#chunks.push(bytes);
    this.#waiting += bytes.length;
    this.bytes += bytes.length;
    return this.#waiting < CHUNK ? undefined : this.flush();
  }

  begin(): void {
    this.#isInSection = true;
  }

  /** The hash of the lines since `begin`. */
  endSection(): string {
    this.#isInSection = false;
    return this.#section.end();
  }

  /** The hash of all lines. */
  end(): string {
    return this.#all.end();
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#waiting = 0;
    if (bytes.length > 0) await this.#sink(bytes);
  }
}
