import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance } from "../../../schema/core/edit-distance.ts";

describe("the edit distance", () => {
  const word = fc.string({ maxLength: 8 });

  test("is none between equal texts, the same both ways, and never more than the longer text", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  test("grows by at most one with a letter", () => {
    fc.assert(
      fc.property(word, word, fc.nat(7), (a, b, place) => {
        const longer = `${a.slice(0, place)}x${a.slice(place)}`;
        expect(Math.abs(editDistance(longer, b) - editDistance(a, b))).toBeLessThanOrEqual(1);
      }),
    );
  });
});
