import { HubError } from "../../../schema/core/error.ts";
import type { LoggedEvent } from "../../../schema/core/event.ts";
import { encodeEventCursor, sequenceOfCursor } from "../../../schema/graphql/event-cursor.ts";
import type { Loaders } from "./loaders.ts";
import { type Connection, type PageArguments, pageRequest } from "./types/connection.ts";
import type { EventSource } from "./types/event.ts";

/** A page of an interaction's log. Sequences have no gaps, so every place in it is known without looking. */
export async function pageOfLog(
  id: string,
  { after, before, ...counts }: PageArguments,
  loaders: Loaders,
): Promise<Connection<EventSource>> {
  const { limit, backward } = pageRequest("created", counts);
  const from = typeof after === "string" ? sequenceIn(id, "after", after) : 0;
  const end = typeof before === "string" ? sequenceIn(id, "before", before) : undefined;
  if (limit === 0) return connection(id, [], { hasNext: false, hasPrevious: false });
  if (backward === true) {
    const behind = end ?? (await lastSequence(id, loaders)) + 1;
    const events = await wholeStretch(id, Math.max(from, behind - 1 - limit), behind, loaders);
    return connection(id, events, { hasNext: end !== undefined, hasPrevious: (events[0]?.sequence ?? 1) > from + 1 });
  }
  const found = (await loaders.events({ after: from, limit }).load(id)) ?? [];
  const events = end === undefined ? found : found.filter(({ sequence }) => sequence < end);
  return connection(id, events, { hasNext: await goesOn(id, events, end, loaders), hasPrevious: from > 0 });
}

/** Whether a log goes on behind a page, and before the end that was asked for. */
async function goesOn(
  id: string,
  events: readonly LoggedEvent[],
  end: number | undefined,
  loaders: Loaders,
): Promise<boolean> {
  const last = events.at(-1);
  if (last === undefined || last.event.type === "finish") return false;
  if (end !== undefined) return last.sequence < end - 1;
  const more = await loaders.events({ after: last.sequence, limit: 1 }).load(id);
  return more !== undefined && more.length > 0;
}

/** Every event after a sequence and before another: as many reads as large bodies make it. */
async function wholeStretch(id: string, after: number, end: number, loaders: Loaders): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (let last = after; last < end - 1; ) {
    const part = (await loaders.events({ after: last, limit: end - 1 - last }).load(id)) ?? [];
    events.push(...part);
    const next = part.at(-1)?.sequence;
    if (next === undefined) break;
    last = next;
  }
  return events;
}

/** The last sequence of a log: found by looking twice as far each time, then by halves. */
async function lastSequence(id: string, loaders: Loaders): Promise<number> {
  const holds = async (sequence: number) =>
    ((await loaders.events({ after: sequence - 1, limit: 1 }).load(id)) ?? []).length > 0;
  let known = 0;
  let beyond = 1;
  while (await holds(beyond)) {
    known = beyond;
    beyond *= 2;
  }
  while (beyond - known > 1) {
    const middle = Math.floor((known + beyond) / 2);
    if (await holds(middle)) known = middle;
    else beyond = middle;
  }
  return known;
}

function sequenceIn(id: string, field: string, cursor: string): number {
  const sequence = sequenceOfCursor(id, cursor);
  if (sequence !== undefined) return sequence;
  throw new HubError("invalid_request", `'${field}' is no event of this interaction.`, { field });
}

function connection(
  interactionId: string,
  events: readonly LoggedEvent[],
  place: { hasNext: boolean; hasPrevious: boolean },
): Connection<EventSource> {
  const edges = events.map((logged) => ({ key: [logged.sequence], node: { interactionId, logged } }));
  return { edges, cursorOf: ([sequence = 0]) => encodeEventCursor(interactionId, sequence), ...place };
}
