import type { Change, ChangePage, InteractionFilter } from "../../../../schema/archive.ts";
import { HubError } from "../../../../schema/core/error.ts";
import { decodePageCursor } from "../../../../schema/graphql/page-cursor.ts";
import type { Sources } from "../context.ts";
import { type PlacedRoot, type SourceStream, sourceStream } from "./live-source.ts";

/** Changes that are read at once. */
const PAGE = 100;

/** A change, or a gap: some of what was removed before it is not known any more. */
export type ChangeRoot = { kind: "changed" | "removed" | "gap"; cursor: number; change: Change | undefined };

/** The changes of all interactions that match, from a cursor on, or from now. */
export async function changeSource(
  filter: InteractionFilter,
  after: string | null | undefined,
  { archive }: Sources,
): Promise<SourceStream<ChangeRoot>> {
  const start = typeof after === "string" ? cursorOf(after) : await archive.latest_change();
  // What cannot be asked for is refused here, and not in the midst of the stream.
  const read = (position: number) => archive.changed_since(position, filter, PAGE);
  await archive.changed_since(start, filter, 1);
  return sourceStream({
    topic: `changes ${JSON.stringify(filter)}`,
    start,
    latestOnly: false,
    async missed(position) {
      const page = await read(position);
      return { roots: rootsOf(page), upTo: page.cursor, ended: false, lasting: false };
    },
    async *follow(position, gone) {
      let cursor = position;
      while (!gone.aborted) {
        // Before reading: what happens between the reading and the waiting has then been seen or will ring.
        const ticket = archive.next_change();
        gone.addEventListener("abort", ticket.giveBack, { once: true });
        try {
          const page = await read(cursor);
          cursor = page.cursor;
          const roots = rootsOf(page);
          if (roots.length > 0) yield roots;
          else if (!page.has_more && !gone.aborted) await ticket.rung;
        } finally {
          gone.removeEventListener("abort", ticket.giveBack);
          ticket.giveBack();
        }
      }
    },
  });
}

function rootsOf({ changes, cursor, missed_removals }: ChangePage): PlacedRoot<ChangeRoot>[] {
  const roots = changes.map(
    (change): PlacedRoot<ChangeRoot> => ({
      position: change.cursor,
      root: { kind: change.interaction === undefined ? "removed" : "changed", cursor: change.cursor, change },
    }),
  );
  if (!missed_removals) return roots;
  // It has the place of the first change, so that a reader that has it goes on with all changes.
  const first = changes[0]?.cursor ?? cursor;
  return [{ position: first - 0.5, root: { kind: "gap", cursor: first - 1, change: undefined } }, ...roots];
}

function cursorOf(text: string): number {
  const [cursor] = decodePageCursor("change", text) ?? [];
  if (cursor !== undefined && Number.isSafeInteger(cursor) && cursor >= 0) return cursor;
  throw new HubError("invalid_request", "'after' is no cursor of this feed.", { field: "after" });
}
