import { isDeepStrictEqual } from "node:util";
import { HubError } from "../../schema/core/error.ts";
import type { Event, LoggedEvent } from "../../schema/core/event.ts";
import { blank, fold } from "../../schema/core/fold.ts";
import { type Interaction, isTerminal } from "../../schema/core/interaction.ts";
import { type AnswerLimits, AnswerSize } from "../hub/answer-size.ts";

type Refuse = (place: string, problem: string) => Error;

/** More than the hub takes from an upstream: it once took more, and counts the bytes of media in another way. */
const limits: AnswerLimits = { parts: 40_000, characters: 64 * 2 ** 20 };

/** Members that the log decides, besides the output, what was degraded, and the time of the last change. */
const outcomes = ["status", "provider", "upstream_model", "upstream_id", "usage", "errors"] as const;

/**
 * Folds a log and compares what comes of it with the interaction that it should make. What is compared is let go, and pieces of
 * text are put together before they are folded, so that no log costs more for each event because it is long.
 */
export class LogCheck {
  readonly #expected: Interaction;
  readonly #refuse: Refuse;
  readonly #size = new AnswerSize(limits);
  #state: Interaction;
  #isOpen = false;
  /** Pieces of text that follow one that was folded. */
  #texts: string[] | undefined;
  /** Steps, and degradations, that are compared already. */
  #settled = 0;
  #degradations = 0;
  #last: number | undefined;

  constructor(expected: Interaction, refuse: Refuse) {
    this.#expected = expected;
    this.#refuse = refuse;
    this.#state = blank({ ...expected, input: [] });
  }

  add({ sequence, at, event }: LoggedEvent): void {
    const place = `event ${sequence}`;
    this.#refuseMisplaced(event, sequence, place);
    this.#count(event, place);
    this.#last = at;
    if (event.type === "step.delta" && event.delta.type === "text" && this.#texts !== undefined) {
      this.#texts.push(event.delta.text);
      return;
    }
    this.#foldTexts();
    if (event.type === "degraded") this.#compareDegradations(event, place);
    else this.#fold(event, place);
  }

  end(): void {
    if (!isTerminal(this.#state.status)) throw this.#refuse("the log", "has no end");
    if (this.#state.output.length > 0) this.#settle();
    const { output, degraded, updated_at } = this.#expected;
    if (output.length !== this.#settled) {
      throw this.#refuse("the output", `has ${output.length} steps, but its events add up to ${this.#settled}`);
    }
    const differs = outcomes.find((name) => !isDeepStrictEqual(this.#state[name], this.#expected[name]));
    const isDegraded = degraded === undefined ? this.#degradations === 0 : degraded.length === this.#degradations;
    if (differs !== undefined || !isDegraded || degraded?.length === 0) {
      throw this.#refuse(differs ?? "degraded", "is not what its events add up to");
    }
    if (this.#last !== updated_at) throw this.#refuse("updated_at", "is not the time of its last event");
  }

  #refuseMisplaced(event: Event, sequence: number, place: string): void {
    const begins = event.type === "status";
    if (begins !== (sequence === 1) || (begins && event.status !== "in_progress")) {
      throw this.#refuse(place, "does not fit: a log begins with the status in_progress, and has no other");
    }
    if (isTerminal(this.#state.status)) throw this.#refuse(place, "comes after the end");
    if (event.type !== "step.start" && event.type !== "step.delta" && event.type !== "step.stop") return;
    const isStart = event.type === "step.start";
    const index = this.#settled + this.#state.output.length - (isStart ? 0 : 1);
    if (event.index !== index || (!isStart && !this.#isOpen)) {
      throw this.#refuse(place, `is for step ${event.index}, which is not the one that is open`);
    }
    this.#isOpen = event.type !== "step.stop";
  }

  #count(event: Event, place: string): void {
    try {
      this.#size.add(event);
    } catch (error) {
      if (error instanceof HubError) throw this.#refuse(place, `is too much: ${error.message.replace(/\.$/, "")}`);
      throw error;
    }
  }

  /** Steps are folded by their place among those that are not compared yet. */
  #fold(event: Event, place: string): void {
    const next = fold(this.#state, "index" in event ? { ...event, index: event.index - this.#settled } : event);
    if (next === this.#state && event.type !== "status" && event.type !== "step.stop") {
      throw this.#refuse(place, "does not fit what comes before it");
    }
    this.#state = next;
    if (event.type === "step.delta" && event.delta.type === "text") this.#texts = [];
    if (next.output.length > 1) this.#settle();
  }

  #foldTexts(): void {
    const text = this.#texts?.join("") ?? "";
    this.#texts = undefined;
    if (text === "") return;
    const index = this.#state.output.length - 1;
    this.#state = fold(this.#state, { type: "step.delta", index, delta: { type: "text", text } });
  }

  /** Compares the first step that is folded, to which nothing is added any more. */
  #settle(): void {
    const [step, ...rest] = this.#state.output;
    if (!isDeepStrictEqual(step, this.#expected.output[this.#settled])) {
      throw this.#refuse(`step ${this.#settled} of the output`, "is not what its events add up to");
    }
    this.#state = { ...this.#state, output: rest };
    this.#settled += 1;
  }

  #compareDegradations({ degradations }: Event & { type: "degraded" }, place: string): void {
    if (degradations.length === 0) throw this.#refuse(place, "does not fit what comes before it");
    const from = this.#degradations;
    this.#degradations += degradations.length;
    if (!isDeepStrictEqual(degradations, this.#expected.degraded?.slice(from, this.#degradations))) {
      throw this.#refuse("degraded", "is not what its events add up to");
    }
  }
}
