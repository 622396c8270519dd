import { HubError } from "../../../../schema/core/error.ts";
import type { LoggedEvent } from "../../../../schema/core/event.ts";
import { sequenceOfCursor } from "../../../../schema/graphql/event-cursor.ts";
import type { Sources } from "../context.ts";
import { hashEvent } from "../hash-media.ts";
import type { EventSource } from "../types/event.ts";
import { type PlacedRoot, type SourceStream, sourceStream } from "./live-source.ts";

/** Events that are read at once for a reader that is behind. */
const PAGE = 128;

/** The log of an interaction from a cursor on, or from its beginning. Rejects where there is none. */
export async function eventSource(
  id: string,
  after: string | null | undefined,
  { hub, archive }: Sources,
): Promise<SourceStream<EventSource>> {
  await hub.head(id);
  const start = typeof after === "string" ? sequenceOfCursor(id, after) : 0;
  if (start === undefined || (start > 0 && !(await hub.holds(id, start)))) {
    throw new HubError("invalid_request", "'after' is no event of this interaction.", { field: "after" });
  }
  const placed = (logged: LoggedEvent): PlacedRoot<EventSource> => ({
    position: logged.sequence,
    root: { interactionId: id, logged },
  });
  return sourceStream({
    topic: `events ${id}`,
    start,
    latestOnly: false,
    async missed(position) {
      const events = (await archive.events([id], position, PAGE)).get(id) ?? [];
      const last = events.at(-1);
      const ended = last?.event.type === "finish";
      return {
        roots: events.map(placed),
        upTo: last?.sequence ?? position,
        ended,
        lasting: ended || events.length === PAGE,
      };
    },
    async *follow(position, gone) {
      for await (const page of hub.follow(id, position, gone)) yield page.map((logged) => placed(hashEvent(logged)));
    },
  });
}
