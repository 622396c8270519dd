import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatInteractionId,
  idsPerMillisecond,
  ownPart,
  parseInteractionId,
  randomBytesPerId,
} from "../../../schema/core/interaction-id.ts";

const part = fc.stringMatching(/^[\w-]{1,60}$/);
const zeros = new Uint8Array(randomBytesPerId);

describe("an interaction's id", () => {
  test("is read back into the parts that it was made of", () => {
    fc.assert(
      fc.property(part, part, (root, own) => {
        expect(parseInteractionId(formatInteractionId({ root, own }))).toEqual({ root, own });
      }),
    );
  });

  test("stays as short as ids of the real service, in characters that no URL escapes", () => {
    const own = ownPart(1_750_000_000_000, 7, zeros);
    const id = formatInteractionId({ root: own, own });
    expect(own).toHaveLength(23);
    expect(id).toMatch(/^v1_[\w-]+$/);
    expect(encodeURIComponent(id)).toBe(id);
  });

  // From the recorded traffic of the legacy revision; parts have 22 or 23 characters there.
  test.each([
    ["v1_ChZ6X0xnYWQ3NkN0dUE3TThQbHRTbVdREhZ6X0xnYWQ3NkN0dUE3TThQbHRTbVdR", "z_Lgad76CtuA7M8PltSmWQ"],
    ["v1_ChcwZkxnYWVUNEF2MmtrZFVQbE82TnlBaxIXMGZMZ2FlVDRBdjJra2RVUGxPNk55QWs", "0fLgaeT4Av2kkdUPlO6NyAk"],
  ])("of the real service is read, and would be written the same: %s", (id, own) => {
    expect(parseInteractionId(id)).toEqual({ root: own, own });
    expect(formatInteractionId({ root: own, own })).toBe(id);
  });

  test.each(["", "v1_", "v1_x", "int_abcdefgh", "v2_ChZkV3hlYWJYNkE5", "v1_Ch ZkV3hlYWJYNkE5", "v1_AAAAAAAAAAAA", "é"])(
    "is none that looks like '%s'",
    (text) => {
      expect(parseInteractionId(text)).toBeUndefined();
    },
  );

  test("is never read from any text with an exception, nor from one that was cut", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{0,40}$/), (text) => {
        expect(parseInteractionId(`v1_${text}`)?.own).not.toBe("");
      }),
    );
    const own = ownPart(1, 1, zeros);
    const id = formatInteractionId({ root: own, own });
    for (let length = 0; length < id.length; length += 1) {
      expect(parseInteractionId(id.slice(0, length))).toBeUndefined();
    }
  });
});

describe("own parts", () => {
  const moment = fc.record({ at: fc.nat(2 ** 42), count: fc.nat(idsPerMillisecond - 1) });

  test("sort as text in the order of their time, then of their count, whatever is random in them", () => {
    fc.assert(
      fc.property(moment, moment, fc.uint8Array({ minLength: 12, maxLength: 12 }), (one, other, random) => {
        const difference = one.at - other.at || one.count - other.count;
        const [a, b] = [ownPart(one.at, one.count, random), ownPart(other.at, other.count, zeros)];
        if (difference !== 0) expect(a < b).toBe(difference < 0);
        else expect(a.slice(0, 11)).toBe(b.slice(0, 11));
      }),
    );
  });
});
