import { describe, expect, test } from "vitest";
import { closestMatches } from "../../../schema/core/closest-match.ts";

const models = ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-3.1-pro-preview", "simulator"];

describe("names that were perhaps meant", () => {
  test.each([
    ["gemini-2.5-flsh", ["gemini-2.5-flash", "gemini-2.5-pro"]],
    ["GEMINI-2.5-PRO", ["gemini-2.5-pro"]],
    ["simulater", ["simulator"]],
    ["gpt-4o", []],
    ["", []],
  ])("of '%s' are %j", (name, expected) => {
    expect(closestMatches(name, models)).toEqual(expected);
  });

  test("are none for a text that is longer than any name", () => {
    expect(closestMatches("a".repeat(5000), ["a".repeat(4999)])).toEqual([]);
  });

  test("are at most as many as asked for, the closest first", () => {
    expect(closestMatches("aaaa", ["aaab", "aaaa", "aaac", "aaad"], 2)).toEqual(["aaaa", "aaab"]);
  });
});
