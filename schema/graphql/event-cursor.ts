import { decodeEventId, encodeEventId, eventTag } from "../interactions/event-id.ts";

/**
 * The cursor of a reader that has an event and everything before it. It is the `event_id` of REST for the last part of the
 * event, so that each protocol understands what the other one has handed out.
 */
export function encodeEventCursor(interactionId: string, sequence: number): string {
  return encodeEventId(eventTag(interactionId), sequence);
}

/**
 * The sequence after which a reader with a cursor goes on; `undefined` if it is no cursor of this interaction. REST splits
 * some events: who had only a part of one gets it whole, so that nothing is missed.
 */
export function sequenceOfCursor(interactionId: string, cursor: string): number | undefined {
  const place = decodeEventId(eventTag(interactionId), cursor);
  if (place === undefined) return undefined;
  return place.part === Number.POSITIVE_INFINITY ? place.sequence : place.sequence - 1;
}
