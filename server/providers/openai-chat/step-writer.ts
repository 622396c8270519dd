import type { Annotation, Content } from "../../../schema/core/content.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import { joinDetails, type Reasoning, sealReasoning } from "./reasoning.ts";

/** Shorter pieces of reasoning wait for more; every piece becomes a content of the summary. */
const SHORTEST_PIECE = 200;

/** From here on a piece ends at the next blank, even amid a line. */
const LONG_PIECE = 800;

/** Writes the steps of an answer as events, one step after the other. */
export class StepWriter {
  /** Where the events go. Whoever reads them empties it. */
  events: ProviderEvent[] = [];
  /** Everything that the model has said so far. */
  said = "";
  readonly #upstream: string;
  readonly #showsThoughts: boolean;
  #open: "none" | "output" | "thought" | "call" = "none";
  /** Blanks that stand where no text has begun: they belong to the text that follows, if any does. */
  #blanks = "";
  #reasoning: Reasoning | undefined;
  /** The end of the reasoning, which no event tells yet. */
  #piece = "";

  constructor(upstream: string, showsThoughts: boolean) {
    this.#upstream = upstream;
    this.#showsThoughts = showsThoughts;
  }

  text(text: string): void {
    this.said += text;
    if (this.#open === "output") {
      this.events.push({ type: "step.delta", delta: { type: "text", text } });
      return;
    }
    // Those before it are not looked at again: some models go on with blanks for ever.
    if (text.trim() === "") {
      this.#blanks += text;
      return;
    }
    const whole = this.#blanks + text;
    this.#openOutput();
    this.events.push({ type: "step.delta", delta: { type: "text", text: whole } });
  }

  /** Media that the model made. */
  content(content: Content): void {
    if (this.#open !== "output") this.#openOutput();
    this.events.push({ type: "step.delta", delta: { type: "content", content } });
  }

  annotations(annotations: Annotation[]): void {
    if (this.#open !== "output") this.#openOutput();
    this.events.push({ type: "step.delta", delta: { type: "annotations", annotations } });
  }

  thought(added: Reasoning): void {
    if (this.#open !== "thought") {
      this.close();
      this.#open = "thought";
      this.#reasoning = { as: added.as, text: "" };
      this.events.push({ type: "step.start", step: { type: "thought" } });
    }
    const known = this.#reasoning ?? added;
    const reasoning: Reasoning = { as: added.as, text: known.text + added.text };
    if (added.details !== undefined) reasoning.details = joinDetails(known.details ?? [], added.details);
    else if (known.details !== undefined) reasoning.details = known.details;
    this.#reasoning = reasoning;
    this.#piece += added.text;
    if (this.#showsThoughts && this.#piece.length >= SHORTEST_PIECE) this.#tellPiece(endOfPiece(this.#piece));
  }

  startCall(call_id: string, name: string): void {
    this.close();
    this.#open = "call";
    this.events.push({ type: "step.start", step: { type: "tool_call", tool: "function", call_id, name } });
  }

  arguments(text: string): void {
    this.events.push({ type: "step.delta", delta: { type: "arguments", text } });
  }

  /** Ends the step that is open, if one is. */
  close(): void {
    if (this.#open === "none") return;
    if (this.#open === "thought") this.#endThought();
    this.#open = "none";
    this.events.push({ type: "step.stop" });
  }

  #openOutput(): void {
    this.close();
    this.#open = "output";
    this.#blanks = "";
    this.events.push({ type: "step.start", step: { type: "model_output", content: [] } });
  }

  #tellPiece(length: number): void {
    if (length === 0) return;
    const text = this.#piece.slice(0, length);
    this.#piece = this.#piece.slice(length);
    this.events.push({ type: "step.delta", delta: { type: "summary", content: { type: "text", text } } });
  }

  #endThought(): void {
    if (this.#showsThoughts) this.#tellPiece(this.#piece.length);
    this.#piece = "";
    if (this.#reasoning === undefined) return;
    const signature = sealReasoning(this.#upstream, this.#reasoning, this.#showsThoughts);
    this.events.push({ type: "step.delta", delta: { type: "signature", signature } });
    this.#reasoning = undefined;
  }
}

/** How much of a piece can be told: whole lines, or whole words where the line is long. */
function endOfPiece(piece: string): number {
  const line = piece.lastIndexOf("\n") + 1;
  if (line > 0 || piece.length < LONG_PIECE) return line;
  return piece.lastIndexOf(" ") + 1 || piece.length;
}
