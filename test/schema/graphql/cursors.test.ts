import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInteractionId } from "../../../schema/core/interaction-id.ts";
import { encodeEventCursor, sequenceOfCursor } from "../../../schema/graphql/event-cursor.ts";
import { decodeNodeId, encodeNodeId, type NodeKey } from "../../../schema/graphql/node-id.ts";
import { decodePageCursor, encodePageCursor } from "../../../schema/graphql/page-cursor.ts";
import { encodeEventId, eventTag } from "../../../schema/interactions/event-id.ts";

const id = formatInteractionId({ root: "the-root-of-all", own: "an-interaction-of-it" });

describe("a global id", () => {
  test("of an interaction is the one by which REST knows it", () => {
    expect(encodeNodeId({ type: "Interaction", id })).toBe(id);
    expect(decodeNodeId(id)).toEqual({ type: "Interaction", id });
  });

  test("of everything else gives its type and its own id, whatever characters that has", () => {
    const keys = fc.record({
      type: fc.constantFrom<NodeKey["type"]>("Model", "Agent", "Upstream"),
      id: fc.string({ unit: "grapheme", minLength: 1 }),
    });
    fc.assert(
      fc.property(keys, (key) => {
        const text = encodeNodeId(key);
        expect(text).toMatch(/^[\w-]+$/);
        expect(decodeNodeId(text)).toEqual(key);
      }),
    );
  });

  test.each(["", "nothing", "TW9kZWw6", "%", btoa("Model"), btoa("Query:1"), btoa(`Interaction:${id}`), "\u{1F600}"])(
    "is not %j",
    (text) => {
      expect(decodeNodeId(text)).toBeUndefined();
    },
  );
});

describe("the cursor of a page", () => {
  test("gives back the key that the archive made, and is safe in a URL", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (key) => {
        const text = encodePageCursor("created", key);
        expect(text).toMatch(/^[\w-]+$/);
        expect(decodePageCursor("created", text)).toEqual(JSON.parse(JSON.stringify(key)));
      }),
    );
  });

  test("of one order is none of another", () => {
    expect(decodePageCursor("updated", encodePageCursor("created", [1]))).toBeUndefined();
  });

  test.each(["", "x", btoa("created []"), btoa('created ["1"]'), btoa("created [1e999]"), btoa("created [1"), "Ä"])(
    "is not %j",
    (text) => {
      expect(decodePageCursor("created", text.replace(/=+$/, ""))).toBeUndefined();
    },
  );
});

describe("the cursor of an event", () => {
  test("is the event_id of REST for all of the event", () => {
    expect(encodeEventCursor(id, 77)).toBe(encodeEventId(eventTag(id), 77));
    expect(sequenceOfCursor(id, encodeEventCursor(id, 77))).toBe(77);
  });

  test("of a reader of REST that has a part of an event repeats the event", () => {
    expect(sequenceOfCursor(id, encodeEventId(eventTag(id), 5, 2, "steps"))).toBe(4);
    expect(sequenceOfCursor(id, encodeEventId(eventTag(id), 1, 1, "legacy"))).toBe(0);
  });

  test("of another interaction is none of this one", () => {
    const other = formatInteractionId({ root: "the-root-of-all", own: "another-of-them" });
    expect(sequenceOfCursor(other, encodeEventCursor(id, 3))).toBeUndefined();
  });
});
