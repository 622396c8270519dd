import { addUsage } from "../../../schema/core/add-usage.ts";
import { applyDelta } from "../../../schema/core/apply-delta.ts";
import { HubError } from "../../../schema/core/error.ts";
import type { Delta, ProviderEvent } from "../../../schema/core/event.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { restOfStep } from "../../../schema/core/rest-of-step.ts";
import type { Step } from "../../../schema/core/step.ts";
import type { Usage } from "../../../schema/core/usage.ts";
import { decodeAnswerStep } from "./decode-answer.ts";
import { decodeDelta, stepFor } from "./decode-delta.ts";
import { faultOf, finishOf, isUnderWay } from "./finish.ts";
import { outputOf } from "./output-of.ts";
import { Resumption } from "./resumption.ts";
import { decodeUsage } from "./usage.ts";
import { textOf, type WireEvent, type WireInteraction } from "./wire.ts";

export type AnswerReaderOptions = {
  upstream: string;
  /** The steps that were sent, or each list of those that may have been: the whole interaction has them before the answer's. */
  inputs: readonly (readonly JsonObject[])[];
  /** Whether the id is told as soon as it is known, and not only when something is said under it. */
  isEager: boolean;
};

/** Steps that may start without the name that only their first delta tells. */
const namedLater: ReadonlySet<unknown> = new Set(["mcp_server_tool_call", "mcp_server_tool_result", "function_result"]);

/**
 * Google's stream of an interaction as events of the hub. It may break off and go on, by another stream or by the whole
 * interaction: what was said already is not said again. An answer may come in parts, each an interaction of its own.
 */
export class AnswerReader {
  /** The id of the part, as far as it has been told; empty where Google keeps nothing. */
  id: string;
  /** Whether anything has been said, and whether the end has. */
  begun = false;
  finished = false;
  readonly resumption = new Resumption();
  readonly #options: AnswerReaderOptions;
  #isIdTold = true;
  /** The step that is open, and what was added to it. */
  #open: { step: Step; deltas: Delta[] } | undefined;
  /** The start of a step that waits for its name. */
  #held: JsonObject | undefined;
  /** The kinds of this part's steps that have ended. */
  #closed: Step["type"][] = [];
  /** What the parts before this one used. */
  #usage: Usage | undefined;
  /** The state as far as it has been told; an end of it is none of the answer until the stream ends. */
  #state: WireInteraction = {};
  #out: ProviderEvent[] = [];

  /** `id` is the one that is known already, of an answer that was told before. */
  constructor(options: AnswerReaderOptions, id = "") {
    this.#options = options;
    this.id = id;
  }

  /** What an event says. Throws a `HubError` for an error of the upstream's. */
  read(event: WireEvent): ProviderEvent[] {
    if (this.finished || this.resumption.isRepeated(event, this.#open !== undefined || this.#held !== undefined))
      return [];
    this.#take(event);
    this.resumption.mark(event);
    return this.#flush();
  }

  /** What the end of the stream says: nothing, where it was cut. */
  end(): ProviderEvent[] {
    if (!this.finished && !isUnderWay(this.#state.status)) this.#finish(this.#state);
    return this.#flush();
  }

  /** What is missing of the whole interaction; nothing while that is under way. Throws where the two do not join. */
  complete(interaction: WireInteraction): ProviderEvent[] {
    if (this.finished || isUnderWay(interaction.status)) return [];
    const { upstream, inputs } = this.#options;
    const steps = outputOf(interaction, inputs).map((step) => decodeAnswerStep(step, upstream));
    if (!this.#join(steps, interaction.status)) {
      this.#out = [];
      throw new HubError(
        "upstream_error",
        `The upstream '${upstream}' broke off, and keeps another answer than it gave.`,
      );
    }
    this.#finish(interaction);
    return this.#flush();
  }

  #take(event: WireEvent): void {
    switch (event.event_type) {
      case "step.delta":
        if (isJsonObject(event.delta)) this.#add(event.delta);
        break;
      case "step.start":
        if (isJsonObject(event.step)) this.#start(event.step);
        break;
      case "step.stop":
        this.#stop();
        break;
      case "interaction.created":
        this.#create(isJsonObject(event.interaction) ? event.interaction : {});
        break;
      case "interaction.status_update":
        this.#state = { ...this.#state, status: event.status, usage: event.usage ?? this.#state.usage };
        break;
      case "interaction.completed":
        this.#complete(isJsonObject(event.interaction) ? event.interaction : {});
        break;
      case "error":
        this.#fail(event.error);
        break;
      // Google may tell more about how it goes on; there is no word for it here.
      default:
    }
  }

  #create(interaction: JsonObject): void {
    this.#state = {};
    const id = textOf(interaction.id) ?? "";
    if (id === this.id) return;
    this.#stop();
    this.id = id;
    this.#closed = [];
    this.resumption.restart();
    this.#isIdTold = id === "";
    if (this.#options.isEager) this.#tellId();
  }

  #start(wire: JsonObject): void {
    this.#stop();
    if (namedLater.has(wire.type) && textOf(wire.name) === undefined) this.#held = wire;
    else this.#begin(decodeAnswerStep(wire, this.#options.upstream));
  }

  #begin(step: Step): void {
    this.#held = undefined;
    this.begun = true;
    this.#open = { step, deltas: [] };
    this.#out.push({ type: "step.start", step });
  }

  #add(wire: JsonObject): void {
    const { upstream } = this.#options;
    const held = this.#held;
    if (held !== undefined && wire.type === held.type) {
      this.#begin(decodeAnswerStep({ ...held, ...wire }, upstream));
      return;
    }
    if (this.#open === undefined) this.#begin(held === undefined ? stepFor(wire) : decodeAnswerStep(held, upstream));
    const open = this.#open;
    if (open === undefined) return;
    for (const delta of decodeDelta(wire, open.step, upstream)) {
      open.deltas.push(delta);
      this.#out.push({ type: "step.delta", delta });
    }
  }

  #stop(): void {
    if (this.#held !== undefined) this.#begin(decodeAnswerStep(this.#held, this.#options.upstream));
    if (this.#open === undefined) return;
    this.#closed.push(this.#open.step.type);
    this.#open = undefined;
    this.#out.push({ type: "step.stop" });
  }

  #complete(interaction: JsonObject): void {
    const ended: WireInteraction = { ...this.#state, ...interaction };
    // The client goes on by itself, with another interaction in the same stream.
    if (ended.status === "requires_continuation") {
      this.#stop();
      this.#usage = addUsage(this.#usage, decodeUsage(ended.usage));
      this.#state = { status: ended.status };
    } else this.#finish(ended);
  }

  #fail(error: JsonValue | undefined): void {
    const fault = faultOf(error, this.#options.upstream);
    if (fault instanceof HubError) throw fault;
    this.#finish({ ...this.#state, status: "failed", errors: [fault] });
  }

  #finish(interaction: WireInteraction): void {
    this.#stop();
    const usage = addUsage(this.#usage, decodeUsage(interaction.usage));
    this.#out.push(finishOf(interaction, usage, this.#options.upstream));
    this.begun = true;
    this.finished = true;
  }

  /** Goes on from what was said to the end of the steps; whether it could. */
  #join(steps: readonly Step[], status: JsonValue | undefined): boolean {
    const said = this.#closed.length;
    // What was cancelled or failed may be kept with less than was said of it.
    if (steps.length < said || (this.#open !== undefined && steps.length === said)) return !isWhole(status);
    if (this.#closed.some((type, index) => steps[index]?.type !== type)) return false;
    const rest = steps.slice(said);
    this.#held = undefined;
    if (this.#open !== undefined) {
      const whole = rest.shift();
      const part = this.#open.deltas.reduce<Step>((step, delta) => applyDelta(step, delta) ?? step, this.#open.step);
      const deltas = whole && restOfStep(part, whole);
      if (deltas === undefined) return false;
      for (const delta of deltas) this.#out.push({ type: "step.delta", delta });
      this.#stop();
    }
    for (const step of rest) {
      this.#begin(step);
      this.#stop();
    }
    return true;
  }

  #tellId(): void {
    if (!this.#isIdTold) this.#out.unshift({ type: "upstream", id: this.id });
    this.#isIdTold = true;
  }

  #flush(): ProviderEvent[] {
    const out = this.#out;
    if (out.length === 0) return [];
    this.#tellId();
    this.#out = [];
    return out;
  }
}

function isWhole(status: JsonValue | undefined): boolean {
  return status === "completed" || status === "requires_action";
}
