import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { snippetOf } from "../../db/archive/snippet.ts";
import { searchMarks } from "../../schema/archive.ts";

const { start, end } = searchMarks;
const word = fc.constantFrom("tea", "cup", "日本語", "🦊🦊", "a", "\n", "x".repeat(300));
const piece = fc.oneof(
  { weight: 4, arbitrary: word },
  word.map((one) => `${start}${one}${end}`),
);
const text = fc
  .array(fc.tuple(piece, fc.constantFrom(" ", " ", "")), { minLength: 1, maxLength: 200 })
  .map((all) => all.map((pair) => pair.join("")).join(""));
const unmarked = (marked: string) => marked.replaceAll(start, "").replaceAll(end, "");

describe("a snippet", () => {
  test("is a part of the text, with whole marks, whole characters, and an ellipsis where it was cut", () => {
    fc.assert(
      fc.property(text, (whole) => {
        const snippet = snippetOf(whole);
        expect(snippet.length).toBeLessThan(250);
        expect(snippet).toMatch(
          new RegExp(`^[^${start}${end}]*(?:${start}[^${start}${end}]*${end}[^${start}${end}]*)*$`, "u"),
        );
        expect(snippet.isWellFormed()).toBe(true);
        const part = unmarked(snippet.replace(/^…/u, "").replace(/…$/u, ""));
        expect(unmarked(whole)).toContain(part);
        if (!snippet.startsWith("…")) expect(unmarked(whole).startsWith(part)).toBe(true);
        if (!snippet.endsWith("…")) expect(unmarked(whole).endsWith(part)).toBe(true);
        if (whole.includes(start)) expect(snippet).toContain(start);
      }),
      { numRuns: 500 },
    );
  });
});
