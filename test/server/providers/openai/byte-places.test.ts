import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BytePlaces } from "../../../../server/providers/openai/byte-places.ts";

describe("the places of code points in UTF-8", () => {
  it("are those of the encoder, in whatever order they are asked for, while the text grows", () => {
    const piece = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.nat(1_200)), { minLength: 1, maxLength: 8 }), (pieces) => {
        const places = new BytePlaces();
        let text = "";
        for (const [more, count] of pieces) {
          // A text grows by whole characters, as the chunks of an answer do.
          text += more.toWellFormed();
          const characters = [...text];
          const expected =
            count > characters.length ? undefined : Buffer.byteLength(characters.slice(0, count).join(""));
          expect(places.bytesAt(text, count)).toBe(expected);
        }
      }),
    );
  });

  it("are none beyond the end, and begin at the start", () => {
    expect(new BytePlaces().bytesAt("ab", 3)).toBeUndefined();
    expect(new BytePlaces().bytesAt("ab", -1)).toBe(0);
  });
});
