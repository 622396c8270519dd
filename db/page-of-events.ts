import type { Event, LoggedEvent } from "../schema/core/event.ts";
import type { Statements } from "./statements.ts";

/** Characters of the bodies of events after which a page ends. */
const MOST_CHARACTERS = 1 << 20;

/** Events that are read at once, to begin with; then so many times as many as before. */
const FIRST_PART = 4;
const GROWTH = 32;

/** Part of a log: at most `limit` events after a sequence, in order, with the hashes of media. */
export type PageOfEvents = (
  key: number,
  after: number,
  limit: number,
  /** Whether an event is the last one of its page. */
  isLast?: (event: Event) => boolean,
) => LoggedEvent[];

/**
 * A page ends early when it is large. What lies beyond its end is hardly read, else the pages of a log of large events would
 * cost many times what the log does: so it is read in parts, and none has more events than would fill the page if they are
 * like those before. Row by row would be exact, but costs half as much again where events are small, as nearly all are.
 */
export function createPageOfEvents({ eventsAfter }: Pick<Statements, "eventsAfter">): PageOfEvents {
  return (interaction, start, limit, isLast = () => false) => {
    const page: LoggedEvent[] = [];
    let after = start;
    let characters = 0;
    for (let part = FIRST_PART; page.length < limit; ) {
      const size = Math.min(part, limit - page.length);
      const rows = eventsAfter.all({ interaction, after, limit: size });
      for (const { sequence, at, body } of rows) {
        const event: Event = JSON.parse(body);
        page.push({ sequence, at, event });
        after = sequence;
        characters += body.length;
        if (characters > MOST_CHARACTERS || isLast(event)) return page;
      }
      if (rows.length < size) break;
      const likeBefore = Math.ceil(((MOST_CHARACTERS - characters) * page.length) / characters);
      part = Math.min(part * GROWTH, Math.max(1, likeBefore));
    }
    return page;
  };
}
