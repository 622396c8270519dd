import { createHash } from "node:crypto";
import { HubError } from "../../schema/core/error.ts";
import { type MediaRecord, PIECE_BYTES, type PieceRecord } from "../../schema/transfer/records.ts";
import type { MediaSink, TransferWriting } from "../../schema/transfer.ts";
import { wrong } from "./wrong-file.ts";

/** Takes the bytes of one medium, and refuses what is not the medium that was announced. */
export class MediaImport {
  readonly sha256: string;
  readonly #sink: MediaSink;
  readonly #hash = createHash("sha256");
  readonly #size: number;
  #left: number;

  private constructor({ sha256, size }: MediaRecord, sink: MediaSink) {
    this.sha256 = sha256;
    this.#sink = sink;
    this.#size = size;
    this.#left = size;
  }

  /** `most` is the bytes of the largest medium that is kept. */
  static async begin(record: MediaRecord, writing: TransferWriting, most: number): Promise<MediaImport> {
    const { sha256, size } = record;
    if (size > most) {
      throw new HubError(
        "request_too_large",
        `media/${sha256}: ${size} bytes are more than is kept (limits.stored_media_bytes is ${most}).`,
      );
    }
    const media = new MediaImport(record, await writing.media(sha256, size));
    if (size === 0) await media.#end();
    return media;
  }

  get isWhole(): boolean {
    return this.#left === 0;
  }

  async add({ data }: PieceRecord): Promise<void> {
    const bytes = Buffer.from(data, "base64");
    const subject = `media/${this.sha256}`;
    if (bytes.toString("base64") !== data) throw wrong(`${subject}: the piece is no base64.`);
    const length = Math.min(PIECE_BYTES, this.#left);
    if (bytes.length !== length)
      throw wrong(`${subject}: the piece has ${bytes.length} bytes where ${length} should be.`);
    this.#hash.update(bytes);
    this.#left -= length;
    await this.#sink.add(bytes);
    if (this.isWhole) await this.#end();
  }

  async #end(): Promise<void> {
    if (this.#hash.digest("hex") !== this.sha256) {
      throw wrong(`media/${this.sha256}: its ${this.#size} bytes have another SHA-256; they were altered.`);
    }
    await this.#sink.end();
  }
}
