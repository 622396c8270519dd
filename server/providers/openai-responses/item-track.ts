import type { ProviderEvent } from "../../../schema/core/event.ts";
import type { WireEvent, WireItem } from "./wire.ts";

/**
 * One item of an answer while it comes in. Each method adds to `out` what is new, as events of ours. A server may tell of an
 * item in any mixture of pieces and the whole; nothing is said twice.
 */
export interface ItemTrack {
  /** The item as it begins, with little or all of it. */
  start(item: WireItem, out: ProviderEvent[]): void;
  /** An event about the item: a piece of it, or a part that is whole. */
  take(event: WireEvent, out: ProviderEvent[]): void;
  /** The whole item. */
  finish(item: WireItem, out: ProviderEvent[]): void;
  /** Nothing more comes: the step ends as far as it came. */
  cut(out: ProviderEvent[]): void;
}

/** What is left to say of a text of which some has been said. A text that is another one altogether is not said again. */
export function restOf(whole: string, said: string): string {
  return whole.length > said.length && whole.startsWith(said) ? whole.slice(said.length) : "";
}
