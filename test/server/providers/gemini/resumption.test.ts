import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import { Resumption } from "../../../../server/providers/gemini/resumption.ts";

const start = (index: number, more: JsonObject = {}): JsonObject => ({ event_type: "step.start", index, ...more });
const stop = (index: number, more: JsonObject = {}): JsonObject => ({ event_type: "step.stop", index, ...more });
const delta = (index: number, more: JsonObject = {}): JsonObject => ({ event_type: "step.delta", index, ...more });
const created: JsonObject = { event_type: "interaction.created", event_id: "e0" };

function readUpTo(...events: JsonObject[]): Resumption {
  const resumption = new Resumption();
  for (const event of events) resumption.mark(event);
  return resumption;
}

describe("a stream that broke off", () => {
  it("goes on after the last event that has a name", () => {
    expect(readUpTo(created, start(0), delta(0, { event_id: "e2" }), stop(0), start(1)).begin()).toEqual({
      last_event_id: "e2",
    });
  });

  it("begins again where nothing has been said", () => {
    expect(readUpTo({ event_type: "interaction.created" }).begin()).toEqual({});
  });

  it("cannot go on where something without a name came since, which nobody would recognise", () => {
    expect(readUpTo(start(0), delta(0, { event_id: "e2" }), delta(0)).begin()).toBeUndefined();
    expect(readUpTo(start(0), delta(0)).begin()).toBeUndefined();
    expect(readUpTo(start(0), delta(0), delta(0, { event_id: "e3" })).begin()).toEqual({ last_event_id: "e3" });
  });

  it("passes over what comes again although it has been read: starts and stops without a name", () => {
    const resumption = readUpTo(start(0), delta(0, { event_id: "e2" }), stop(0), start(1));
    resumption.begin();
    expect(resumption.isRepeated(stop(0), true)).toBe(true);
    expect(resumption.isRepeated(start(1), true)).toBe(true);
    expect(resumption.isRepeated(delta(1, { event_id: "e5" }), true)).toBe(false);
    expect(resumption.isRepeated(stop(1), true)).toBe(false);
    expect(resumption.isRepeated(stop(1), false)).toBe(true);
    expect(resumption.isRepeated(start(2), false)).toBe(false);
  });

  it("passes over all up to where it was if it comes from its beginning", () => {
    const resumption = readUpTo(created, start(0), delta(0, { event_id: "e2" }));
    resumption.begin();
    for (const event of [created, start(0), delta(0, { event_id: "e2" })])
      expect(resumption.isRepeated(event, true)).toBe(true);
    expect(resumption.isRepeated(delta(0, { event_id: "e3" }), true)).toBe(false);
  });

  it("counts anew in another part of the answer", () => {
    const resumption = readUpTo(start(0), delta(0, { event_id: "e2" }));
    resumption.restart();
    expect(resumption.begin()).toEqual({});
  });
});
