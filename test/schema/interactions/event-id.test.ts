import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEventId, encodeEventId, eventTag } from "../../../schema/interactions/event-id.ts";

const whole = Number.POSITIVE_INFINITY;

describe("an event id", () => {
  it("says that all of a sequence was delivered", () => {
    expect(encodeEventId("ab_-", 46)).toBe("e1a-ab_-");
    expect(decodeEventId("ab_-", "e1a-ab_-")).toEqual({ sequence: 46, part: whole });
  });

  it("says how many events of which revision were delivered", () => {
    expect(encodeEventId("tag0", 2, 1, "legacy")).toBe("e2.l1-tag0");
    expect(decodeEventId("tag0", "e2.l1-tag0")).toEqual({ sequence: 2, part: 1, revision: "legacy" });
  });

  it("comes back as it was, with characters that need no escape in a URL", () => {
    const tags = fc.string({ unit: fc.constantFrom(..."azAZ09-_"), minLength: 4, maxLength: 4 });
    const parts = fc.option(fc.integer({ min: 1, max: 1e6 }), { nil: whole });
    const places = fc.integer({ min: 1, max: 1e12 });
    fc.assert(
      fc.property(tags, places, parts, fc.constantFrom("steps", "legacy"), (tag, sequence, part, revision) => {
        const id = encodeEventId(tag, sequence, part, revision);
        expect(encodeURIComponent(id)).toBe(id);
        expect(decodeEventId(tag, id)).toEqual(part === whole ? { sequence, part } : { sequence, part, revision });
      }),
    );
  });

  it("is refused for another interaction", () => {
    expect(decodeEventId("aaaa", encodeEventId("bbbb", 3))).toBeUndefined();
  });

  it.each([
    "",
    "e",
    "7",
    "e0-tag0",
    "e01-tag0",
    "e1.0-tag0",
    "e1.s0-tag0",
    "e1",
    "e1-tag",
    "e-1-tag0",
    "ezzzzzzzzzzz-tag0",
  ])("is refused when it is %j", (text) => {
    expect(decodeEventId("tag0", text)).toBeUndefined();
  });
});

describe("an event tag", () => {
  it("is the end of the interaction's id", () => {
    expect(eventTag("v1_Chd_x-Y9")).toBe("x-Y9");
  });

  it("is a constant where the id is too short to have one", () => {
    expect(eventTag("abc")).toBe("0000");
  });
});
