import type { Annotation } from "../../../schema/core/content.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { ModelOutput } from "../../../schema/core/step.ts";
import { numberIn, objectIn, objectsIn, textIn } from "../json-members.ts";
import { BytePlaces } from "../openai/byte-places.ts";
import { annotationOf } from "../openai/citations.ts";
import { type ItemTrack, restOf } from "./item-track.ts";
import type { WireEvent, WireItem } from "./wire.ts";

/** A part of a message: its text so far, and how many of its citations are known. */
type Part = { text: string; places: BytePlaces; citations: number; early: JsonObject[] };

/**
 * A message becomes one `model_output`, each of its parts one text; one that says nothing becomes no step. Citations are
 * told as soon as the text has come as far as they reach.
 */
export class MessageTrack implements ItemTrack {
  /** Whether the model said why it would not answer, instead of an answer. */
  isRefused = false;
  /** By their numbers, which a server need not give one after the other. */
  readonly #parts = new Map<number, Part>();
  /** The part that the step's last text is. */
  #open: Part | undefined;
  #isStarted = false;
  #phase: string | undefined;

  start(item: WireItem): void {
    this.#phase = textIn(item, "phase");
  }

  take(event: WireEvent, out: ProviderEvent[]): void {
    switch (event.type) {
      case "response.output_text.delta":
        this.#say(this.#partOf(event), textIn(event, "delta") ?? "", out);
        break;
      case "response.output_text.done":
        this.#complete(this.#partOf(event), textIn(event, "text") ?? "", out);
        break;
      case "response.output_text.annotation.added":
        this.#cite(this.#partOf(event), objectIn(event, "annotation") ?? {}, out);
        break;
      case "response.refusal.delta":
        this.isRefused = true;
        this.#say(this.#partOf(event), textIn(event, "delta") ?? "", out);
        break;
      case "response.refusal.done":
        this.isRefused = true;
        this.#complete(this.#partOf(event), textIn(event, "refusal") ?? "", out);
        break;
      case "response.content_part.done":
        this.#finishPart(this.#partOf(event), objectIn(event, "part") ?? {}, out);
        break;
      // Anything else is told again by the whole item.
    }
  }

  finish(item: WireItem, out: ProviderEvent[]): void {
    this.#phase ??= textIn(item, "phase");
    for (const [index, part] of objectsIn(item, "content").entries()) {
      if (isText(part)) this.#finishPart(this.#partAt(index), part, out);
      else {
        this.#begin(out);
        out.push({ type: "step.delta", delta: { type: "content", content: { type: "other", raw: part } } });
      }
    }
    this.cut(out);
  }

  cut(out: ProviderEvent[]): void {
    for (const part of this.#parts.values()) this.#flush(part, out);
    if (this.#isStarted) out.push({ type: "step.stop" });
  }

  #partOf(event: WireEvent): Part {
    return this.#partAt(numberIn(event, "content_index") ?? 0);
  }

  #partAt(index: number): Part {
    const known = this.#parts.get(index);
    if (known !== undefined) return known;
    const part: Part = { text: "", places: new BytePlaces(), citations: 0, early: [] };
    this.#parts.set(index, part);
    return part;
  }

  #begin(out: ProviderEvent[]): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const step: ModelOutput = { type: "model_output", content: [] };
    // Later models want to know of each of their messages whether it was the answer or a remark on the way to it.
    if (this.#phase !== undefined) step.extra = { phase: this.#phase };
    out.push({ type: "step.start", step });
  }

  #say(part: Part, text: string, out: ProviderEvent[]): void {
    if (text === "") return;
    this.#begin(out);
    if (part === this.#open || this.#open === undefined)
      out.push({ type: "step.delta", delta: { type: "text", text } });
    else out.push({ type: "step.delta", delta: { type: "content", content: { type: "text", text } } });
    this.#open = part;
    part.text += text;
  }

  #complete(part: Part, text: string, out: ProviderEvent[]): void {
    this.#say(part, restOf(text, part.text), out);
  }

  #finishPart(part: Part, wire: JsonObject, out: ProviderEvent[]): void {
    if (wire.type === "refusal") this.isRefused = true;
    this.#complete(part, textIn(wire, wire.type === "refusal" ? "refusal" : "text") ?? "", out);
    for (const citation of objectsIn(wire, "annotations").slice(part.citations)) this.#cite(part, citation, out);
    this.#flush(part, out);
  }

  #cite(part: Part, wire: JsonObject, out: ProviderEvent[]): void {
    part.citations += 1;
    const annotation = part === this.#open ? annotationOf(wire, part.text, part.places) : undefined;
    if (annotation === undefined) part.early.push(wire);
    else out.push(cited([annotation]));
  }

  /** Offsets beyond the end of the text say nothing; what they belong to still holds. */
  #flush(part: Part, out: ProviderEvent[]): void {
    if (part.early.length === 0 || part !== this.#open) return;
    out.push(cited(part.early.map((wire) => annotationOf(wire, part.text, part.places) ?? withoutPlace(wire))));
    part.early = [];
  }
}

function isText({ type }: JsonObject): boolean {
  return type === "output_text" || type === "text" || type === "refusal";
}

function cited(annotations: Annotation[]): ProviderEvent {
  return { type: "step.delta", delta: { type: "annotations", annotations } };
}

function withoutPlace(wire: JsonObject): Annotation {
  const { index: _index, start_index: _start, end_index: _end, ...rest } = wire;
  return annotationOf(rest, "") ?? {};
}
