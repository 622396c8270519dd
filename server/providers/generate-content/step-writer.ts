import type { Annotation, Content } from "../../../schema/core/content.ts";
import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { Signature, Step, ToolCall, ToolResult } from "../../../schema/core/step.ts";
import { say } from "../say-step.ts";
import { wholeSound } from "./made-media.ts";
import type { WireBlob } from "./wire.ts";

const STOP: ProviderEvent = { type: "step.stop" };

/**
 * Makes steps, one after the other, of what an answer says in pieces. A signature belongs to the part that it stands on.
 * Calls, results and thoughts have a place for it in their steps; a text and an image have none, so theirs becomes a thought
 * before them. A stream mostly ends with a signature on a text that is empty: that becomes a thought after the answer.
 */
export class StepWriter {
  readonly #upstream: string;
  readonly #takenIds: Set<string>;
  #count: number;
  #events: ProviderEvent[] = [];
  #open: "output" | "thought" | undefined;
  #text = "";
  #sound: WireBlob[] = [];
  /** A signature that came on an empty text: told when it is clear that the text before it goes no further. */
  #loose: string | undefined;

  /** `before` is the chain with the request's input: ids that the upstream does not give must be new in it. */
  constructor(upstream: string, before: readonly Step[]) {
    this.#upstream = upstream;
    const calls = before.filter((step) => step.type === "tool_call");
    this.#takenIds = new Set(calls.map((step) => step.call_id));
    this.#count = calls.length;
  }

  /** What has been told since it was last asked. */
  take(): ProviderEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** The text that is open, which annotations are about. */
  get openText(): string {
    return this.#text;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  text(text: string, signature: string | undefined): void {
    if (text === "") {
      if (signature !== undefined) this.#keep(signature);
      return;
    }
    // In the middle of a text, a signature must not tear it apart: it is told after it.
    const isInside = this.#open === "output" && this.#text !== "" && this.#loose === undefined;
    if (signature !== undefined && !isInside) this.#tellSignature(signature);
    this.#openOutput();
    this.#tellSound();
    this.#text += text;
    this.#events.push({ type: "step.delta", delta: { type: "text", text } });
    if (signature !== undefined && isInside) this.#loose = signature;
  }

  /** Gives sources to the text that is open; false if there is none. */
  annotate(annotations: Annotation[]): boolean {
    if (this.#open !== "output" || this.#text === "") return false;
    this.#events.push({ type: "step.delta", delta: { type: "annotations", annotations } });
    return true;
  }

  content(content: Content, signature: string | undefined): void {
    if (signature !== undefined) this.#tellSignature(signature);
    this.#openOutput();
    this.#tellSound();
    this.#addContent(content);
  }

  /** The pieces of a sound are one content, which is told when it is whole. */
  sound(piece: WireBlob, signature: string | undefined): void {
    if (signature !== undefined && this.#sound.length === 0) this.#tellSignature(signature);
    this.#openOutput();
    if (this.#sound[0]?.mimeType !== piece.mimeType) this.#tellSound();
    this.#sound.push(piece);
    if (signature !== undefined && this.#sound.length > 1) this.#loose = signature;
  }

  thought(content: Content | undefined, signature: string | undefined): void {
    if (this.#open !== "thought") {
      this.close();
      this.#events.push({ type: "step.start", step: { type: "thought" } });
      this.#open = "thought";
    }
    if (content !== undefined) this.#events.push({ type: "step.delta", delta: { type: "summary", content } });
    if (signature === undefined) return;
    this.#events.push({ type: "step.delta", delta: { type: "signature", ...this.signed(signature) } });
    // What is thought after it is signed by another one.
    this.close();
  }

  call(name: string, id: string | undefined, given: JsonObject, signature: string | undefined): void {
    this.close();
    const call_id = id ?? this.newId("call_");
    this.#takenIds.add(call_id);
    const shell = { type: "tool_call", tool: "function", call_id, name, arguments: {} } as const;
    this.#events.push({
      type: "step.start",
      step: { ...shell, ...(signature === undefined ? {} : this.signed(signature)) },
    });
    const text = JSON.stringify(given);
    if (text !== "{}") this.#events.push({ type: "step.delta", delta: { type: "arguments", text } });
    this.#events.push(STOP);
  }

  /** A step of a tool that the upstream runs. One that the hub does not know is told whole. */
  step(unsigned: ToolCall | ToolResult, signature?: string): void {
    const step = signature === undefined ? unsigned : { ...unsigned, ...this.signed(signature) };
    this.close();
    if (step.raw === undefined) this.#events.push(...say(step));
    else this.#events.push({ type: "step.start", step }, STOP);
  }

  /** Ends the step that is open, and tells what was waiting for its end. */
  close(): void {
    if (this.#open !== undefined) {
      this.#tellSound();
      this.#events.push(STOP);
      this.#open = undefined;
      this.#text = "";
    }
    const value = this.#loose;
    if (value === undefined) return;
    this.#loose = undefined;
    this.#tellSignature(value);
  }

  /** The member of a step that holds a signature of this upstream. */
  signed(value: string): { signature: Signature } {
    return { signature: { value, provider: this.#upstream } };
  }

  /** An id that is the same whenever the same chain is told. */
  newId(prefix: string): string {
    let id: string;
    do {
      this.#count += 1;
      id = `${prefix}${this.#count}`;
    } while (this.#takenIds.has(id));
    this.#takenIds.add(id);
    return id;
  }

  #keep(signature: string): void {
    if (this.#loose !== undefined || this.#open !== "output") this.close();
    this.#loose = signature;
  }

  #tellSignature(value: string): void {
    this.close();
    this.#events.push(...say({ type: "thought", ...this.signed(value) }));
  }

  #openOutput(): void {
    if (this.#open === "output" && this.#loose === undefined) return;
    this.close();
    this.#events.push({ type: "step.start", step: { type: "model_output", content: [] } });
    this.#open = "output";
  }

  #tellSound(): void {
    if (this.#sound.length === 0) return;
    const content = wholeSound(this.#sound);
    this.#sound = [];
    this.#addContent(content);
  }

  #addContent(content: Content): void {
    this.#text = "";
    this.#events.push({ type: "step.delta", delta: { type: "content", content } });
  }
}
