import { isDeepStrictEqual } from "node:util";
import { type Content, isMedia } from "../../schema/core/content.ts";
import type { LoggedEvent } from "../../schema/core/event.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import { withoutSecrets } from "../../schema/core/without-secrets.ts";
import { contentsOfEvent, contentsOfStep } from "../../schema/transfer/contents-of.ts";
import {
  type EventRecord,
  type InteractionRecord,
  MOST_LINE_BYTES,
  MOST_MEDIA,
  MOST_STEPS,
  type StepRecord,
} from "../../schema/transfer/records.ts";
import { LogCheck } from "./log-check.ts";
import { wrong } from "./wrong-file.ts";

const hash = /^[0-9a-f]{64}$/;

/**
 * Checks the records of one interaction, as they come: that they are in order, and that its steps and its end are what its
 * events add up to. Throws a `HubError` that names the part at fault.
 */
export class InteractionCheck {
  /** The interaction as it ended, with the steps that have come. */
  readonly ended: Interaction;
  /** The hashes of its media. */
  readonly media = new Set<string>();
  events = 0;
  readonly #subject: string;
  #log: LogCheck | undefined;
  #bytes = 0;

  constructor(record: InteractionRecord) {
    const { type: _, ...members } = record;
    this.ended = { ...members, store: true, input: [], output: [] };
    this.#subject = `interactions/${record.id}`;
    const { id, root_id, previous_id, settings } = record;
    if (previous_id === id) throw this.#wrong("previous_id", "is its own id");
    if ((previous_id === undefined) !== (root_id === id)) {
      throw this.#wrong(
        "root_id",
        previous_id === undefined ? "is another id, but nothing comes before it" : "is its own id",
      );
    }
    if (!isDeepStrictEqual(withoutSecrets(settings), settings)) {
      throw this.#wrong("settings", "holds credentials, which are not stored");
    }
    if (settings.labels !== undefined && Object.hasOwn(settings.labels, "__proto__")) {
      throw this.#wrong("settings.labels", "has a label with a name that no label can have");
    }
  }

  get steps(): number {
    return this.ended.input.length + this.ended.output.length;
  }

  /** `size` is about how many bytes its line has. */
  addStep({ side, index, step }: StepRecord, size: number): void {
    const steps = this.ended[side];
    const subject = `step ${index} of the ${side}`;
    if (this.#log !== undefined || (side === "input" && this.ended.output.length > 0)) {
      throw this.#wrong(subject, "comes too late: input comes first, then output, then events");
    }
    if (index !== steps.length) throw this.#wrong(subject, `comes where step ${steps.length} should`);
    this.#bytes += size;
    if (index >= MOST_STEPS) throw this.#wrong(subject, `is one of more than ${MOST_STEPS}`);
    if (this.#bytes > MOST_LINE_BYTES)
      throw this.#wrong(subject, `makes the steps larger than ${MOST_LINE_BYTES} bytes`);
    this.#noteMedia(subject, contentsOfStep(step));
    steps.push(step);
  }

  addEvent({ sequence, at, event }: EventRecord): LoggedEvent {
    const subject = `event ${sequence}`;
    if (sequence !== this.events + 1) throw this.#wrong(subject, `comes where event ${this.events + 1} should`);
    this.#noteMedia(subject, contentsOfEvent(event));
    this.#log ??= new LogCheck(this.ended, (place, problem) => this.#wrong(place, problem));
    const logged: LoggedEvent = { sequence, at, event };
    this.#log.add(logged);
    this.events = sequence;
    return logged;
  }

  /** To be called when all of its records have come. */
  end(): void {
    if (this.#log === undefined) throw this.#wrong("the log", "is missing");
    this.#log.end();
  }

  #noteMedia(subject: string, contents: readonly Content[]): void {
    for (const content of contents) {
      if (!isMedia(content)) continue;
      if (content.data !== undefined) throw this.#wrong(subject, "holds bytes, which belong into lines of their own");
      if (content.blob === undefined) continue;
      if (!hash.test(content.blob)) throw this.#wrong(subject, "names a medium by what is no SHA-256");
      this.media.add(content.blob);
      if (this.media.size > MOST_MEDIA) throw this.#wrong(subject, `names one of more than ${MOST_MEDIA} media`);
    }
  }

  #wrong(place: string, problem: string): Error {
    return wrong(`${place} of ${this.#subject}: ${problem}.`);
  }
}
