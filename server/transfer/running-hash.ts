import { createHash } from "node:crypto";

/** Bytes that are collected before they are hashed: lines are short, and each call into the hash costs as much as a kilobyte. */
const CAPACITY = 1 << 16;

/** SHA-256 of what is added since the last `end`, in hex. */
export class RunningHash {
  #hash = createHash("sha256");
  readonly #waiting = Buffer.allocUnsafe(CAPACITY);
  #length = 0;

  add(bytes: Uint8Array): void {
    if (this.#length + bytes.length > CAPACITY) this.#flush();
    if (bytes.length > CAPACITY) this.#hash.update(bytes);
    else {
      this.#waiting.set(bytes, this.#length);
      this.#length += bytes.length;
    }
  }

  /** The hash of what was added; what comes then is hashed anew. */
  end(): string {
    this.#flush();
    const hash = this.#hash.digest("hex");
    this.#hash = createHash("sha256");
    return hash;
  }

  #flush(): void {
    // It is read before the next bytes overwrite it.
    if (this.#length > 0) this.#hash.update(this.#waiting.subarray(0, this.#length));
    this.#length = 0;
  }
}
