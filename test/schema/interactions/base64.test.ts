import fc from "fast-check";
import { expect, it } from "vitest";
import { standardBase64 } from "../../../schema/interactions/base64.ts";

it("base64 in either alphabet, padded or not, is put into its standard form", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const standard = Buffer.from(bytes).toString("base64");
      const safe = Buffer.from(bytes).toString("base64url");
      expect(standardBase64(standard)).toBe(standard);
      expect(standardBase64(safe)).toBe(standard);
      expect(standardBase64(safe.padEnd(standard.length, "="))).toBe(standard);
    }),
  );
});

it.each(["A", "AAAAA", "AA A", "AA=A", "AAA==", "AAAA=", "=", "AA===", "ÄÖÜß", "QUJD\n"])("%j is no base64", (text) => {
  expect(standardBase64(text)).toBeUndefined();
});

it("twenty megabytes are checked without backtracking, also when they end wrong", () => {
  const long = "A".repeat(20_000_000);
  expect(standardBase64(long)).toBe(long);
  expect(standardBase64(`${long}!`)).toBeUndefined();
});
