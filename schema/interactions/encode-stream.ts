import type { LoggedEvent } from "../core/event.ts";
import type { Interaction, Revision } from "../core/interaction.ts";
import type { JsonObject } from "../core/json.ts";
import { createLegacyStream } from "./encode-legacy-stream.ts";
import { createStepsStream } from "./encode-steps-stream.ts";
import { type EventCursor, encodeEventId, eventTag } from "./event-id.ts";

/** One event of a stream: its name, the cursor of a reader that has it, and the JSON that goes out. */
export type WireEvent = { event_type: string; cursor: string; data: JsonObject };

/** Ends every stream, also one that ended with an error. */
export const streamEnd = "event: done\ndata: [DONE]\n\n";

/** Line ends to Unicode but not to JSON: clients that split text by Unicode's rules would cut a record there. */
const unicodeLineEnds = /[\u0085\u2028\u2029]/g;

/** An event as it goes over the wire. */
export function wireRecord(event: WireEvent): string {
  return `event: ${event.event_type}\ndata: ${onOneLine(JSON.stringify(event.data))}\n\n`;
}

/** JSON that is one line to every client. */
export function onOneLine(json: string): string {
  return json.replace(unicodeLineEnds, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * The sequence after which the log must be read for a stream that goes on at a cursor. The steps revision needs the event
 * before the next one that it gives, which tells whether a step is open; the legacy revision counts blocks, so it needs
 * the whole log.
 */
export function readAfter(revision: Revision, after: EventCursor | undefined): number {
  if (revision === "legacy" || after === undefined) return 0;
  return Math.max(0, after.sequence - (after.part === Number.POSITIVE_INFINITY ? 1 : 2));
}

/**
 * Turns the log into a stream of one revision, event by event; one core event gives none, one or several. `interaction`
 * tells who it is; when the log is not read from its start, it must have been read after the cursor was handed out,
 * because the open step is then looked up in its output. With `after`, only what the reader does not have comes out. A
 * cursor inside a core event that was made by the other revision repeats that event whole, so that nothing is missed.
 */
export function createStreamEncoder(
  interaction: Interaction,
  revision: Revision,
  after?: EventCursor,
): (logged: LoggedEvent) => WireEvent[] {
  const project = revision === "steps" ? createStepsStream(interaction) : createLegacyStream(interaction);
  const tag = eventTag(interaction.id);
  // Recorded streams of models have no ids in the legacy revision; those of background runs have, to resume by.
  const carriesIds = revision === "steps" || interaction.background;

  return (logged) => {
    const payloads = project(logged);
    const delivered = deliveredOf(logged.sequence, revision, after);
    const events: WireEvent[] = [];
    for (let place = delivered; place < payloads.length; place += 1) {
      const data = payloads[place];
      if (data === undefined) break;
      const part = place + 1 === payloads.length ? undefined : place + 1;
      const cursor = encodeEventId(tag, logged.sequence, part, revision);
      if (carriesIds) data.event_id = cursor;
      events.push({ event_type: data.event_type, cursor, data });
    }
    return events;
  };
}

/** How many of a core event's wire events the reader has. */
function deliveredOf(sequence: number, revision: Revision, after: EventCursor | undefined): number {
  if (after === undefined || sequence > after.sequence) return 0;
  if (sequence < after.sequence || after.part === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  // The first event gives the same two in both revisions; any other may be split differently.
  return after.revision === revision || sequence === 1 ? after.part : 0;
}
