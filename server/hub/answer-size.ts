import { HubError } from "../../schema/core/error.ts";
import type { Event } from "../../schema/core/event.ts";
import type { JsonValue } from "../../schema/core/json.ts";
import { DEEPEST } from "../../schema/core/nesting.ts";

/** The most that an answer may have. `parts` are its steps and what they are put together of, but for pieces of text. */
export type AnswerLimits = { parts: number; characters: number };

/**
 * No model says as much in an answer. What says more has lost its way, and would take so long to write, to read and to
 * search that nobody else were served meanwhile.
 */
const usual: AnswerLimits = { parts: 20_000, characters: 32 * 2 ** 20 };

/** Adds up what an answer has so far, and throws a `HubError` when that is too much. The bytes of media do not count. */
export class AnswerSize {
  readonly #limits: AnswerLimits;
  #parts = 0;
  #characters = 0;

  constructor(limits: AnswerLimits = usual) {
    this.#limits = limits;
  }

  add(event: Event): void {
    if (event.type === "step.start") this.#addPart(event.step);
    else if (event.type !== "step.delta") return;
    else if ("text" in event.delta) this.#characters += event.delta.text.length;
    else this.#addPart(event.delta);
    if (this.#characters > this.#limits.characters) throw tooMuch(`more than ${this.#limits.characters} characters`);
  }

  #addPart(part: object): void {
    this.#parts += 1;
    if (this.#parts > this.#limits.parts) throw tooMuch(`more than ${this.#limits.parts} parts`);
    this.#characters += this.#charactersIn(part);
  }

  /** Names count like values, and everything counts one at least: numbers and empty objects take room too. */
  #charactersIn(value: object, level = 1): number {
    if (level > DEEPEST) throw tooMuch(`something that nests deeper than ${DEEPEST} levels`);
    let characters = 1;
    for (const [name, member] of Object.entries(value) as [string, JsonValue | undefined][]) {
      characters += Array.isArray(value) ? 0 : name.length;
      if (typeof member === "object" && member !== null) characters += this.#charactersIn(member, level + 1);
      else if (name !== "data") characters += typeof member === "string" ? member.length : 1;
    }
    return characters;
  }
}

function tooMuch(what: string): HubError {
  return new HubError("upstream_error", `The upstream's answer has ${what}, which is more than is kept.`);
}
