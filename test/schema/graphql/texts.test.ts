import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { searchMarks } from "../../../schema/archive.ts";
import type { JsonValue } from "../../../schema/core/json.ts";
import { differences, saySame } from "../../../schema/graphql/differences.ts";
import { instantText } from "../../../schema/graphql/instant-text.ts";
import { snippetFragments } from "../../../schema/graphql/snippet-fragments.ts";

describe("an instant", () => {
  test("is written as Date writes it", () => {
    const instants = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
    fc.assert(
      fc.property(instants, (at) => {
        expect(instantText(at)).toBe(new Date(at).toISOString());
      }),
    );
  });

  test.each([0, 1, 999, 86_399_999, 86_400_000, 1_709_164_800_000, 253_402_300_799_999, 253_402_300_800_000, -1])(
    "%d too",
    (at) => {
      expect(instantText(at)).toBe(new Date(at).toISOString());
    },
  );
});

describe("a snippet", () => {
  const { start, end } = searchMarks;

  test("comes in pieces that say which of them matched", () => {
    expect(snippetFragments(`a ${start}match${end} and ${start}one${end}${start}more${end}`)).toEqual([
      { text: "a ", matched: false },
      { text: "match", matched: true },
      { text: " and ", matched: false },
      { text: "one", matched: true },
      { text: "more", matched: true },
    ]);
  });

  test("without a match is one piece, and nothing is none", () => {
    expect(snippetFragments("plain")).toEqual([{ text: "plain", matched: false }]);
    expect(snippetFragments("")).toEqual([]);
  });
});

describe("two requests", () => {
  test("differ where one has another value, none, or another kind of value", () => {
    const left = { model: "a", generation_config: { temperature: 1, seed: 2 }, tools: [{ name: "x" }, { name: "y" }] };
    const right = { model: "b", generation_config: { temperature: 1 }, tools: [{ name: "x" }], labels: { k: "v" } };
    expect(differences(left, right)).toEqual([
      { field: "model", left: "a", right: "b" },
      { field: "generation_config.seed", left: 2, right: undefined },
      { field: "tools[1]", left: { name: "y" }, right: undefined },
      { field: "labels", left: undefined, right: { k: "v" } },
    ]);
  });

  test("that are equal do not differ, whatever they hold", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        const value = given as JsonValue;
        expect(differences(value, structuredClone(value))).toEqual([]);
      }),
    );
  });

  test("say the same whatever the marks are that every run makes anew", () => {
    const call = (call_id: string, value: string) => ({
      type: "tool_call" as const,
      tool: "function" as const,
      call_id,
      name: "f",
      arguments: { a: value },
      signature: { value: call_id },
    });
    expect(saySame([call("1", "x")], [call("2", "x")])).toBe(true);
    expect(saySame([call("1", "x")], [call("1", "y")])).toBe(false);
  });
});
