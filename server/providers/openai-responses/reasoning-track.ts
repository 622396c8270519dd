import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { JsonObject } from "../../../schema/core/json.ts";
import { numberIn, objectIn, objectsIn, textIn } from "../json-members.ts";
import { type ItemTrack, restOf } from "./item-track.ts";
import { sealItem } from "./own-item.ts";
import type { WireEvent, WireItem } from "./wire.ts";

/** Every piece becomes a content of the summary, so shorter ones wait for more. */
const SHORTEST_PIECE = 200;

/** A part of a summary or of the reasoning itself: what came of it, and how much of that has been told. */
type Part = { text: string; told: number };

/**
 * A reasoning item becomes a thought. OpenAI tells summaries, other servers the reasoning itself; both are told as the
 * thought's summary, a part or some lines at a time. The item goes into the signature, if the upstream can read it again.
 */
export class ReasoningTrack implements ItemTrack {
  readonly #upstream: string;
  readonly #tells: boolean;
  readonly #parts = new Map<string, Part>();

  /** `tells` is false where the client wants no summaries. */
  constructor(upstream: string, tells: boolean) {
    this.#upstream = upstream;
    this.#tells = tells;
  }

  start(_item: WireItem, out: ProviderEvent[]): void {
    out.push({ type: "step.start", step: { type: "thought" } });
  }

  take(event: WireEvent, out: ProviderEvent[]): void {
    switch (event.type) {
      case "response.reasoning_summary_text.delta":
        this.#summaryPart(event).text += textIn(event, "delta") ?? "";
        return;
      case "response.reasoning_summary_text.done":
        this.#complete(this.#summaryPart(event), textIn(event, "text"), out);
        break;
      case "response.reasoning_summary_part.done":
        this.#complete(this.#summaryPart(event), textIn(objectIn(event, "part") ?? {}, "text"), out);
        break;
      case "response.reasoning_text.delta":
        this.#hear(this.#contentPart(event), textIn(event, "delta") ?? "", out);
        break;
      case "response.reasoning_text.done":
        this.#complete(this.#contentPart(event), textIn(event, "text"), out);
        break;
      // Anything else is told again by the whole item.
    }
  }

  finish(item: WireItem, out: ProviderEvent[]): void {
    for (const [index, part] of objectsIn(item, "summary").entries())
      this.#complete(this.#partAt(`summary ${index}`), textIn(part, "text"), out);
    for (const [index, part] of objectsIn(item, "content").entries())
      this.#complete(this.#partAt(`content ${index}`), textIn(part, "text"), out);
    this.#tellRest(out);
    const again = readableAgain(item);
    if (again !== undefined)
      out.push({ type: "step.delta", delta: { type: "signature", signature: sealItem(this.#upstream, again) } });
    out.push({ type: "step.stop" });
  }

  cut(out: ProviderEvent[]): void {
    this.#tellRest(out);
    out.push({ type: "step.stop" });
  }

  #summaryPart(event: WireEvent): Part {
    return this.#partAt(`summary ${numberIn(event, "summary_index") ?? 0}`);
  }

  #contentPart(event: WireEvent): Part {
    return this.#partAt(`content ${numberIn(event, "content_index") ?? 0}`);
  }

  #partAt(place: string): Part {
    const known = this.#parts.get(place);
    if (known !== undefined) return known;
    const part: Part = { text: "", told: 0 };
    this.#parts.set(place, part);
    return part;
  }

  /** Reasoning itself may go on for minutes: some lines of it are told as soon as they are whole. */
  #hear(part: Part, text: string, out: ProviderEvent[]): void {
    part.text += text;
    if (part.text.length - part.told < SHORTEST_PIECE) return;
    const end = part.text.lastIndexOf("\n") + 1;
    if (end > part.told) this.#tell(part, end, out);
  }

  #complete(part: Part, whole: string | undefined, out: ProviderEvent[]): void {
    part.text += restOf(whole ?? "", part.text);
    this.#tell(part, part.text.length, out);
  }

  #tellRest(out: ProviderEvent[]): void {
    for (const part of this.#parts.values()) this.#tell(part, part.text.length, out);
  }

  #tell(part: Part, end: number, out: ProviderEvent[]): void {
    const text = part.text.slice(part.told, end);
    part.told = end;
    if (text !== "" && this.#tells)
      out.push({ type: "step.delta", delta: { type: "summary", content: { type: "text", text } } });
  }
}

/**
 * What the upstream can take up again: its encrypted reasoning, or the reasoning itself where it shows that. An id alone
 * names nothing, for nothing is stored there.
 */
function readableAgain({ id, encrypted_content, content, summary }: WireItem): JsonObject | undefined {
  const item: JsonObject = { type: "reasoning", summary: summary ?? [] };
  if (id !== undefined && id !== null) item.id = id;
  if (typeof encrypted_content === "string" && encrypted_content !== "") return { ...item, encrypted_content };
  return Array.isArray(content) && content.length > 0 ? { ...item, content } : undefined;
}
