import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoggedEvent } from "../../../schema/core/event.ts";
import { foldLog } from "../../../schema/core/fold.ts";
import { type Interaction, type Revision, revisions } from "../../../schema/core/interaction.ts";
import { unfold } from "../../../schema/core/unfold.ts";
import { encodeInteraction } from "../../../schema/interactions/encode-interaction.ts";
import { createStreamEncoder, readAfter, type WireEvent } from "../../../schema/interactions/encode-stream.ts";
import { decodeEventId, type EventCursor, eventTag } from "../../../schema/interactions/event-id.ts";
import { logged } from "../../cases/arbitraries.ts";
import { readOutputs, readSteps } from "../../cases/plain-readers.ts";

const runs = { numRuns: 150 };

function stream(interaction: Interaction, log: readonly LoggedEvent[], revision: Revision): WireEvent[] {
  return log.flatMap(createStreamEncoder(interaction, revision));
}

/** What a reader gets who comes back with a cursor, from a server that knows nothing but the store. */
function resume(begun: Interaction, log: readonly LoggedEvent[], revision: Revision, after: EventCursor): WireEvent[] {
  const stored = foldLog(begun, log.slice(0, after.sequence));
  return log
    .filter((event) => event.sequence > readAfter(revision, after))
    .flatMap(createStreamEncoder(stored, revision, after));
}

function cursorOf(interaction: Interaction, event: WireEvent): EventCursor {
  const cursor = decodeEventId(eventTag(interaction.id), event.cursor);
  if (cursor === undefined) throw new Error(`not a cursor: ${event.cursor}`);
  return cursor;
}

describe.each(revisions)("any stream of the %s revision", (revision) => {
  it("continues at every cursor exactly where it was cut", () => {
    fc.assert(
      fc.property(logged, fc.nat(), ({ begun, log }, place) => {
        const whole = stream(begun, log, revision);
        const had = whole.slice(0, 1 + (place % whole.length));
        const after = had.at(-1);
        if (after === undefined) throw new Error("a stream is never empty");
        expect([...had, ...resume(begun, log, revision, cursorOf(begun, after))]).toEqual(whole);
      }),
      runs,
    );
  });

  it("misses nothing when a reader of the other revision continues it", () => {
    const other = revision === "steps" ? "legacy" : "steps";
    fc.assert(
      fc.property(logged, fc.nat(), ({ begun, log }, place) => {
        const had = stream(begun, log, other);
        const event = had[place % had.length];
        if (event === undefined) throw new Error("a stream is never empty");
        const after = cursorOf(begun, event);
        const owed = stream(begun, log, revision).filter((candidate) => {
          const { sequence, part } = cursorOf(begun, candidate);
          // The first event is split alike in both revisions; of any other, a part means all of it.
          const isPartOfSame = sequence === after.sequence && after.part !== Number.POSITIVE_INFINITY;
          return sequence > after.sequence || (isPartOfSame && (sequence > 1 || part > after.part));
        });
        expect(resume(begun, log, revision, after)).toEqual(owed);
      }),
      runs,
    );
  });

  it("numbers what it opens from 0 and without gaps", () => {
    fc.assert(
      fc.property(logged, ({ begun, log }) => {
        const started = stream(begun, log, revision).filter(({ event_type }) => event_type.endsWith(".start"));
        const opened = started.filter(({ data }) => data.index !== undefined).map(({ data }) => data.index);
        expect(opened).toEqual(opened.map((_, place) => place));
      }),
      runs,
    );
  });

  it("has cursors that only rise", () => {
    fc.assert(
      fc.property(logged, ({ begun, log }) => {
        const cursors = stream(begun, log, revision).map((event) => cursorOf(begun, event));
        for (const [place, cursor] of cursors.entries()) {
          const last = cursors[place - 1];
          if (last === undefined) continue;
          const rises =
            cursor.sequence > last.sequence || (cursor.sequence === last.sequence && cursor.part > last.part);
          expect(rises, `${JSON.stringify(last)} before ${JSON.stringify(cursor)}`).toBe(true);
        }
      }),
      runs,
    );
  });

  it("completes if and only if the run did not fail", () => {
    fc.assert(
      fc.property(logged, ({ begun, log }) => {
        const last = stream(begun, log, revision).at(-1);
        const failed = foldLog(begun, log).status === "failed";
        expect(last?.event_type === "error").toBe(failed);
      }),
      runs,
    );
  });

  it("tells a plain reader what a read tells, live and replayed from the shortest log", () => {
    fc.assert(
      fc.property(logged, ({ begun, log }) => {
        const ended = foldLog(begun, log);
        const read = encodeInteraction(ended, revision, "create");
        const shortest = unfold(ended).map((event, place) => ({ sequence: place + 1, at: ended.updated_at, event }));
        for (const told of [log, shortest]) {
          const events = stream(begun, told, revision).map((event) => event.data);
          if (revision === "steps") expect(readSteps(events)).toEqual(read.steps);
          else expect(readOutputs(events)).toEqual(read.outputs);
        }
      }),
      runs,
    );
  });
});
