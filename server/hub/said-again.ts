import { applyDelta, closeStep } from "../../schema/core/apply-delta.ts";
import type { Content } from "../../schema/core/content.ts";
import { HubError } from "../../schema/core/error.ts";
import type { Delta, ProviderEvent } from "../../schema/core/event.ts";
import type { Interaction } from "../../schema/core/interaction.ts";
import { restOfStep } from "../../schema/core/rest-of-step.ts";
import type { Step } from "../../schema/core/step.ts";
import { lost } from "./interruption.ts";

/** What a log holds of an answer whose rest is to come, and whether the last of its steps is open. */
export type Said = { interaction: Interaction; open: boolean };

/**
 * The rest of an answer that is said again from its beginning: what the log has is compared with it, and passed over. How the
 * two were cut into events does not count, only what they add up to. Throws an `interrupted` where they are not the same, and
 * where nothing came after what the log has.
 */
export async function* restOfAnswer(
  said: Said,
  again: AsyncIterable<ProviderEvent>,
): AsyncGenerator<ProviderEvent, void, void> {
  const repetition = new Repetition(said);
  let begun = false;
  try {
    for await (const event of again) {
      for (const rest of repetition.take(event)) {
        begun = true;
        yield rest;
      }
    }
  } catch (error) {
    throw begun || !(error instanceof HubError) ? error : notTakenUp(error);
  }
}

function notTakenUp({ message, cause }: HubError): HubError {
  return new HubError("interrupted", lost(message).message, { cause });
}

/** A step as far as it has been said again, and how many characters of text that is. */
type Again = { step: Step; characters: number };

class Repetition {
  readonly #said: Said;
  readonly #steps: readonly Step[];
  /** The place of the last step that has been said again. */
  #place = -1;
  #step: Again | undefined;
  /** How many characters of text the last step of the log has. */
  readonly #characters: number;
  /** Whether all that the log has was said again. */
  #over: boolean;

  constructor(said: Said) {
    this.#said = said;
    this.#steps = said.interaction.output;
    this.#over = this.#steps.length === 0;
    const last = this.#steps.at(-1);
    this.#characters = last === undefined ? 0 : charactersOf(last);
  }

  /** What an event says that the log does not have. */
  take(event: ProviderEvent): readonly ProviderEvent[] {
    if (event.type === "upstream" && event.id === this.#said.interaction.upstream_id) return [];
    if (this.#over) return [event];
    switch (event.type) {
      case "step.start": {
        const before = this.#stop();
        if (this.#over) return [...before, event];
        this.#place += 1;
        this.#step = { step: event.step, characters: charactersOf(event.step) };
        return this.#compare(this.#step);
      }
      case "step.delta":
        return this.#compare(this.#add(event.delta));
      case "step.stop":
        return this.#stop();
      case "finish": {
        // What failed or was cancelled may be kept with less than was said of it.
        if (event.status !== "completed" && event.status !== "requires_action") return [event];
        const before = this.#stop();
        if (!this.#over) throw this.#different();
        return [...before, event];
      }
      // What the upstream was not given was told when it was asked, and another id of its own comes again with what it says.
      case "upstream":
      case "degraded":
        return [];
      default:
        return event satisfies never;
    }
  }

  #add(delta: Delta): Again {
    const next = this.#step && applyDelta(this.#step.step, delta);
    if (this.#step === undefined || next === undefined) throw this.#different();
    this.#step.step = next;
    this.#step.characters += charactersAdded(delta);
    return this.#step;
  }

  /** Whether the step that is open in the log has come as far as that; then its rest. */
  #compare({ step, characters }: Again): readonly ProviderEvent[] {
    const said = this.#place === this.#steps.length - 1 && this.#said.open ? this.#steps.at(-1) : undefined;
    // A long text comes in many pieces: it is compared when there is enough of it.
    if (said === undefined || characters < this.#characters) return [];
    const rest = restOfStep(said, step, true);
    if (rest === undefined) return [];
    this.#over = true;
    return rest.map((delta) => ({ type: "step.delta", delta }));
  }

  /** A step that has ended must hold what was said of it. It may hold more of what is not always streamed. */
  #stop(): readonly ProviderEvent[] {
    const said = this.#steps[this.#place];
    if (this.#step === undefined || said === undefined) return [];
    const rest = restOfStep(said, closeStep(this.#step.step));
    const isLast = this.#place === this.#steps.length - 1;
    const isOpen = isLast && this.#said.open;
    if (rest === undefined || !(isOpen || rest.every(({ type }) => later.has(type)))) throw this.#different();
    this.#step = undefined;
    this.#over = isLast;
    return isOpen ? [...rest.map((delta) => ({ type: "step.delta" as const, delta })), { type: "step.stop" }] : [];
  }

  #different(): HubError {
    const { provider } = this.#said.interaction;
    return new HubError("interrupted", `The upstream '${provider}' now says something else than it had said.`);
  }
}

/** Of some models a read shows summaries, signatures, sources and further members that their streams leave out. */
const later: ReadonlySet<Delta["type"]> = new Set(["summary", "signature", "annotations", "other"]);

/** Of what comes in pieces of text, and may come in many. */
function charactersOf(step: Step): number {
  if (step.type === "model_output") return charactersIn(step.content);
  return step.type === "thought" ? charactersIn(step.summary ?? []) : 0;
}

function charactersIn(contents: readonly Content[]): number {
  return contents.reduce((sum, content) => sum + (content.type === "text" ? content.text.length : 0), 0);
}

function charactersAdded(delta: Delta): number {
  if (delta.type === "text") return delta.text.length;
  return delta.type === "content" || delta.type === "summary" ? charactersIn([delta.content]) : 0;
}
