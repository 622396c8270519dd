import type { LoggedEvent } from "../../schema/core/event.ts";
import { blank } from "../../schema/core/fold.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import type { CloseRecord, EventRecord, InteractionRecord, StepRecord } from "../../schema/transfer/records.ts";
import type { TransferWriting } from "../../schema/transfer.ts";
import { InteractionCheck } from "./interaction-check.ts";
import type { RunningHash } from "./running-hash.ts";
import { wrong } from "./wrong-file.ts";

/** Events, and bytes of their lines, that are written at once. */
const PAGE = 256;
const PAGE_BYTES = 1 << 20;

/** What an interaction is to be called where it is imported; `undefined` if it is not to be written. */
export type Links = Pick<Interaction, "id" | "root_id" | "previous_id">;

/** Takes the lines of one interaction, checks them, and writes the interaction unless it is not wanted. */
export class InteractionImport {
  readonly check: InteractionCheck;
  readonly #record: InteractionRecord;
  readonly #links: Links | undefined;
  readonly #writing: TransferWriting;
  readonly #hash: RunningHash;
  readonly #line: number;
  #key: number | undefined;
  #page: LoggedEvent[] = [];
  #pageBytes = 0;

  /** `line` is that of the record; `hash` is one to which nothing was added. */
  constructor(
    record: InteractionRecord,
    line: number,
    links: Links | undefined,
    { writing, hash }: { writing: TransferWriting; hash: RunningHash },
  ) {
    this.check = new InteractionCheck(record);
    this.#record = record;
    this.#line = line;
    this.#links = links;
    this.#writing = writing;
    this.#hash = hash;
  }

  /** To be called with every line but the last one. */
  addBytes(bytes: Uint8Array): void {
    this.#hash.add(bytes);
  }

  addStep(record: StepRecord, size: number): void {
    this.check.addStep(record, size);
  }

  addEvent(record: EventRecord, size: number): void {
    const logged = this.check.addEvent(record);
    if (this.#links === undefined) return;
    this.#page.push(logged);
    this.#pageBytes += size;
  }

  /** Writes events once there are enough of them. Resolves, where it gives a promise, when there is room for more. */
  writePage(): Promise<void> | undefined {
    return this.#page.length < PAGE && this.#pageBytes < PAGE_BYTES ? undefined : this.#write();
  }

  /** Writes its end; gives whether anything was written. */
  async close({ id, steps, events, sha256 }: CloseRecord): Promise<boolean> {
    const { check } = this;
    const subject = `interactions/${this.#record.id}`;
    if (id !== this.#record.id) throw wrong(`${subject}: is not ended, but another one is.`);
    if (this.#hash.end() !== sha256) {
      throw wrong(`${subject}: its lines from line ${this.#line} on have another SHA-256; they were altered.`);
    }
    if (steps !== check.steps || events !== check.events) {
      throw wrong(
        `${subject}: has ${check.steps} steps and ${check.events} events where ${steps} and ${events} are told.`,
      );
    }
    check.end();
    if (this.#links === undefined) return false;
    const ended = { ...check.ended, ...this.#links };
    const page = this.#page;
    this.#page = [];
    this.#key ??= await this.#insert([]);
    await this.#writing.finish(this.#key, ended, page);
    return true;
  }

  async #write(): Promise<void> {
    const page = this.#page;
    this.#page = [];
    this.#pageBytes = 0;
    if (this.#key === undefined) this.#key = await this.#insert(page);
    else await this.#writing.append(this.#key, page);
  }

  #insert(log: readonly LoggedEvent[]): Promise<number> {
    return this.#writing.insert(blank({ ...this.check.ended, ...this.#links }), log);
  }
}
