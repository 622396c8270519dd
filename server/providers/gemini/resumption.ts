import { textOf, type WireEvent } from "./wire.ts";

/** How far a stream has been read, and what of it comes again when it goes on. */
export class Resumption {
  /** The last event that can be named. */
  #cursor: string | undefined;
  /** Whether something came after the cursor that cannot be recognised when it comes again. */
  #isPastCursor = false;
  /** The place of the last step that started. */
  #index = -1;
  #mode: "read" | "from the cursor" | "from the start" = "read";

  /**
   * What to ask for, so that a stream goes on from here; `undefined` where it cannot. What comes again is recognised from
   * then on.
   */
  begin(): { last_event_id?: string } | undefined {
    const isNothingSaid = this.#index === -1;
    if (this.#cursor === undefined || this.#isPastCursor) return isNothingSaid ? {} : undefined;
    this.#mode = "from the cursor";
    return { last_event_id: this.#cursor };
  }

  /** Takes note of an event that has been read. */
  mark(event: WireEvent): void {
    const cursor = textOf(event.event_id);
    if (cursor !== undefined) {
      this.#cursor = cursor;
      this.#isPastCursor = false;
    } else if (event.event_type === "step.delta") this.#isPastCursor = true;
    if (event.event_type === "step.start") this.#index = placeOf(event) ?? this.#index + 1;
  }

  /** Another part begins, with a count of its own. */
  restart(): void {
    this.#cursor = undefined;
    this.#isPastCursor = false;
    this.#index = -1;
    this.#mode = "read";
  }

  /** Whether an event has been read before the stream broke off. */
  isRepeated(event: WireEvent, isOpen: boolean): boolean {
    if (this.#mode === "read") return false;
    const type = event.event_type;
    if (this.#mode === "from the start") {
      if (textOf(event.event_id) === this.#cursor) this.#mode = "from the cursor";
      return true;
    }
    // Who does not know the cursor begins again.
    if (type === "interaction.created") {
      this.#mode = "from the start";
      return true;
    }
    const place = placeOf(event);
    if (place === undefined || place > this.#index) return false;
    return place < this.#index || type === "step.start" || (type === "step.stop" && !isOpen);
  }
}

function placeOf({ index }: WireEvent): number | undefined {
  return typeof index === "number" ? index : undefined;
}
