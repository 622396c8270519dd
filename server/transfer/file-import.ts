import type { TerminalStatus } from "../../schema/core/interaction.ts";
import {
  type EndRecord,
  type InteractionRecord,
  type MediaRecord,
  MOST_MEDIA,
  type TransferRecord,
} from "../../schema/transfer/records.ts";
import type { TransferWriting } from "../../schema/transfer.ts";
import { InteractionImport } from "./interaction-import.ts";
import { MediaImport } from "./media-import.ts";
import { type PlaceOptions, placeInChain } from "./place-in-chain.ts";
import type { Line } from "./read-lines.ts";
import { readRecord } from "./read-record.ts";
import { RunningHash } from "./running-hash.ts";
import { wrong } from "./wrong-file.ts";

/** What was imported. Steps, events and media are those of the whole file. */
export type ImportSummary = {
  interactions: number;
  /** Interactions that were stored already, and are as they were. */
  skipped: number;
  steps: number;
  events: number;
  media: number;
  /** Interactions whose previous one is not stored: they can be read, but nobody can go on from them. */
  orphans: number;
  /** Those that the next sweep forgets, if the retention is as it was told. */
  outlived: number;
};

export type FileOptions = PlaceOptions & {
  mediaBytes: number;
  hasOutlived?(status: TerminalStatus, updatedAt: number): boolean;
};

/** Takes the lines of an export in their order. */
export class FileImport {
  readonly summary: ImportSummary = {
    interactions: 0,
    skipped: 0,
    steps: 0,
    events: 0,
    media: 0,
    orphans: 0,
    outlived: 0,
  };
  isEnded = false;
  readonly #writing: TransferWriting;
  readonly #options: FileOptions;
  readonly #all = new RunningHash();
  readonly #section = new RunningHash();
  /** Media that came since the last interaction, and belong to the next one. */
  readonly #ahead = new Set<string>();
  #media: MediaImport | undefined;
  #interaction: InteractionImport | undefined;
  #isOrphan = false;
  /** Media of the interaction that are known to be stored. */
  readonly #found = new Set<string>();

  constructor(writing: TransferWriting, options: FileOptions) {
    this.#writing = writing;
    this.#options = options;
  }

  /** Resolves, where it gives a promise, when the next line may come. */
  add({ number, bytes }: Line): Promise<void> | undefined {
    if (this.isEnded) throw wrong("comes after the end.");
    if (number === 1 && bytes.at(-2) === 0x0d) throw wrong("ends in CR and LF: something has converted the file.");
    const record = readRecord(bytes);
    this.#refuseMisplaced(record, number);
    if (record.type !== "end") this.#all.add(bytes);
    if (record.type !== "close") this.#interaction?.addBytes(bytes);
    switch (record.type) {
      case "header":
        return undefined;
      case "media":
        return this.#beginMedia(record);
      case "piece":
        return this.#media?.add(record);
      case "interaction":
        return this.#beginInteraction(record, number, bytes);
      case "step":
        this.#interaction?.addStep(record, bytes.length);
        return this.#lookForMedia();
      case "event":
        this.#interaction?.addEvent(record, bytes.length);
        return this.#writeWith(this.#lookForMedia());
      case "close":
        return this.#endInteraction(record);
      case "end":
        this.#end(record);
        return undefined;
      default:
        return record satisfies never;
    }
  }

  #refuseMisplaced({ type }: TransferRecord, number: number): void {
    if ((type === "header") !== (number === 1)) {
      throw wrong(number === 1 ? "is no header of an export of Interactions Hub." : "is a second header.");
    }
    if (type === "header") return;
    const isInMedia = this.#media?.isWhole === false;
    if ((type === "piece") !== isInMedia) {
      throw wrong(isInMedia ? `media/${this.#media?.sha256}: lacks bytes.` : "is a piece of no medium.");
    }
    const isPart = type === "step" || type === "event" || type === "close";
    if (isPart && this.#interaction === undefined) throw wrong(`is of type ${type}, but no interaction has begun.`);
    if (!isPart && type !== "piece" && this.#interaction !== undefined) {
      throw wrong(`interactions/${this.#interaction.check.ended.id}: is not closed.`);
    }
  }

  async #beginMedia(record: MediaRecord): Promise<void> {
    if (this.#ahead.has(record.sha256)) throw wrong(`media/${record.sha256}: comes twice.`);
    if (this.#ahead.size >= MOST_MEDIA) throw wrong(`is one of more than ${MOST_MEDIA} media before one interaction.`);
    this.#media = await MediaImport.begin(record, this.#writing, this.#options.mediaBytes);
    this.#ahead.add(record.sha256);
    this.summary.media += 1;
  }

  async #beginInteraction(record: InteractionRecord, number: number, bytes: Uint8Array): Promise<void> {
    const place = await placeInChain(record, this.#writing, this.#options);
    this.#interaction = new InteractionImport(record, number, place?.links, {
      writing: this.#writing,
      hash: this.#section,
    });
    this.#interaction.addBytes(bytes);
    this.#isOrphan = place?.isOrphan === true;
    this.#found.clear();
  }

  /** Looks whether the media that the interaction names, and has not named before, are there. */
  #lookForMedia(): Promise<void> | undefined {
    const media = this.#interaction?.check.media;
    return media === undefined || media.size === this.#found.size ? undefined : this.#findMedia(media);
  }

  async #findMedia(media: ReadonlySet<string>): Promise<void> {
    for (const sha256 of media) {
      if (this.#found.has(sha256)) continue;
      if (!this.#ahead.delete(sha256) && !(await this.#writing.hasMedia(sha256))) {
        throw wrong(`names media/${sha256}, which has not come before.`);
      }
      this.#found.add(sha256);
    }
  }

  /** What names media is not written before they are found. */
  #writeWith(found: Promise<void> | undefined): Promise<void> | undefined {
    return found === undefined ? this.#interaction?.writePage() : found.then(() => this.#interaction?.writePage());
  }

  async #endInteraction(record: TransferRecord & { type: "close" }): Promise<void> {
    const { summary } = this;
    const [unused] = this.#ahead;
    if (unused !== undefined) throw wrong(`media/${unused}: comes before an interaction that does not have it.`);
    const isWritten = await this.#interaction?.close(record);
    const ended = this.#interaction?.check.ended;
    this.#interaction = undefined;
    summary.steps += record.steps;
    summary.events += record.events;
    if (isWritten !== true) summary.skipped += 1;
    else {
      summary.interactions += 1;
      if (this.#isOrphan) summary.orphans += 1;
      if (ended !== undefined && this.#hasOutlived(ended.status as TerminalStatus, ended.updated_at))
        summary.outlived += 1;
    }
  }

  #hasOutlived(status: TerminalStatus, updatedAt: number): boolean {
    return this.#options.hasOutlived?.(status, updatedAt) === true;
  }

  #end({ interactions, steps, events, media, sha256 }: EndRecord): void {
    const { summary } = this;
    const [unused] = this.#ahead;
    if (unused !== undefined) throw wrong(`media/${unused}: comes before no interaction.`);
    if (this.#all.end() !== sha256) throw wrong("the lines before it have another SHA-256; the file was altered.");
    const came = [summary.interactions + summary.skipped, summary.steps, summary.events, summary.media];
    if ([interactions, steps, events, media].some((count, index) => count !== came[index])) {
      throw wrong("its counts are not those of the lines before it.");
    }
    this.isEnded = true;
  }
}
