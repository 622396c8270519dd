import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonLine } from "../../../../server/commands/terminal/json-line.ts";
import { readable, readableLine } from "../../../../server/commands/terminal/readable.ts";

/** Everything that a terminal may take for an order, or that turns text around. */
const orders = /(?![\n\t])[\p{Cc}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/u;
const unruly = fc.string({ unit: fc.integer({ min: 0, max: 0x2100 }).map((code) => String.fromCodePoint(code)) });

describe("what is shown to people", () => {
  test("has no character that a terminal takes for an order, and the rest as it was", () => {
    fc.assert(fc.property(unruly, (text) => void expect(readable(text)).not.toMatch(orders)));
    expect(readable("a\tb\r\nc\nd é 🎉")).toBe("a\tb\nc\nd é 🎉");
    expect(readable("\u{1B}[31m\u{7}\r\u{7F}\u{9B}\u{202E}")).toBe("␛[31m␇␍␡��");
  });

  test("is one line of at most so many characters where a line is asked for", () => {
    expect(readableLine("  one\n two\tthree ", 20)).toBe("one two three");
    expect(readableLine("🎉".repeat(50), 10)).toBe(`${"🎉".repeat(9)}…`);
    fc.assert(
      fc.property(unruly, (text) => [...readableLine(text, 20)].length <= 20 && !readableLine(text, 20).includes("\n")),
    );
  });
});

describe("what is printed as JSON", () => {
  test("is one line, has no such character, and means what it meant", () => {
    fc.assert(
      fc.property(unruly, (text) => {
        const line = jsonLine({ text });
        expect(line).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(JSON.parse(line)).toEqual({ text });
      }),
    );
  });
});
