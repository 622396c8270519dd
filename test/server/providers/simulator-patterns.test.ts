import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/core/json.ts";
import { matcherOf } from "../../../server/providers/simulator/pattern-matcher.ts";
import { createRandom } from "../../../server/providers/simulator/random.ts";
import { textMatching } from "../../../server/providers/simulator/text-matching.ts";
import { json, textOf, weather } from "../../cases/quick-simulator.ts";

const QUICK_MILLISECONDS = 5_000;

/** What comes of a schema, or why nothing does, and how long that took. */
async function outcomeOf(schema: JsonObject, text = "hello"): Promise<{ said: string; milliseconds: number }> {
  const start = performance.now();
  const said = await textOf(text, json(schema)).catch((error: unknown) => String(error));
  return { said, milliseconds: performance.now() - start };
}

const patterns: fc.Arbitrary<string> = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 2, depthIdentifier: "pattern" },
    fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "\\u0061", "\\p{L}", "^", "$", "\\b", "\\B", "🌊"),
    tie("pattern").map((body) => `(${body})`),
    tie("pattern").map((body) => `(?:${body})`),
    tie("pattern").map((body) => `(?=${body})`),
    tie("pattern").map((body) => `(?!${body})`),
  ),
  pattern: fc
    .array(
      fc.array(
        fc
          .tuple(tie("atom"), fc.constantFrom("", "*", "+", "?", "{2}", "{1,}", "{0,2}", "+?"))
          .map(([atom, quantifier]) =>
            // An assertion takes no quantifier.
            /^(?:[\^$]|\\[bB]|\(\?[=!].*)$/s.test(atom) ? atom : atom + quantifier,
          ),
        { maxLength: 3 },
      ),
      { minLength: 1, maxLength: 2 },
    )
    .map((branches) => branches.map((parts) => parts.join("")).join("|")),
})).pattern;

describe("patterns of a schema", () => {
  it("match what JavaScript's own engine matches", () => {
    fc.assert(
      fc.property(
        patterns,
        fc.string({ unit: fc.constantFrom("a", "b", "1", " ", "\n", "🌊"), maxLength: 7 }),
        (pattern, text) => {
          // V8 tries assertions between the halves of a character too, where ECMA-262 never looks.
          fc.pre(!(/\\b|\(\?[=!]/i.test(pattern) && text.includes("🌊")));
          expect(matcherOf(pattern).test(text), `${pattern} on ${text}`).toBe(new RegExp(pattern, "u").test(text));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each(["^(a+)+$", "^(a|a)*$", "(a|a)*b", "^(.*a){20}$", "^(a?){50}a{50}$", ".*.*.*.*.*.*=", "^(?:(?=(a+)+b)a)*c"])(
    "of which a long text has too many ways to match are matched in time, or refused: %s",
    (pattern) => {
      const start = performance.now();
      const test = (text: string): unknown => {
        try {
          return matcherOf(pattern).test(text);
        } catch (error) {
          return error;
        }
      };
      for (const text of ["a".repeat(60), `${"a".repeat(5_000)}!`])
        expect(test(text)).toSatisfy(
          (outcome) => typeof outcome === "boolean" || /takes too long/.test(String(outcome)),
        );
      expect(performance.now() - start).toBeLessThan(QUICK_MILLISECONDS);
    },
  );

  it.each([
    "^(a+)+$",
    "(a|a)*b",
    "^(.*a){20}$",
    "^[a-z0-9]+(?:-[a-z0-9]+)*$",
    "^(?=.*\\d)(?=.*[a-z])\\w{8,}$",
    "[^\\x00-\\uffff]",
  ])("have texts made for them: %s", async (pattern) => {
    const { said, milliseconds } = await outcomeOf({ type: "string", pattern }, `answer: ${"a".repeat(4_000)}!`);
    if (pattern.startsWith("[^")) expect(said).toContain("found no value");
    else expect(new RegExp(pattern, "u").test(JSON.parse(said))).toBe(true);
    expect(milliseconds).toBeLessThan(QUICK_MILLISECONDS);
  });

  it("have texts made for them by walking them", () => {
    for (const [seed, pattern] of [
      "^\\+?[1-9]\\d{1,14}$",
      "^[\\w.-]+@[a-z]+\\.(com|org)$",
      "^(foo|ba[rz])x*$",
      "a{3}[^\\d\\s]",
      "^\\u0041-[\\]a-]{2,}\\$$",
      "^\\p{Script=Greek}[\\u{1f30a}]$",
    ].entries()) {
      const { node, test } = matcherOf(pattern);
      for (let turn = 0; turn < 30; turn += 1) {
        const text = textMatching(node, createRandom(seed * 100 + turn), turn % 3);
        expect([text, test(text), new RegExp(pattern, "u").test(text)]).toEqual([text, true, true]);
      }
    }
  });

  it.each([
    ["refers back", "(a)\\1"],
    ["refers back", "(?<x>a)\\k<x>"],
    ["looks behind", "(?<=a)b"],
    ["more than 2000 characters", "a".repeat(3_000)],
    ["repetitions are too many", "((a{100}){100}){100}"],
    ["repetitions are too many", "((?=a{9000})a){900}"],
    ["it is none", "(unclosed"],
  ])("that it does not work with are refused by name: %s", async (reason, pattern) => {
    const schemas: JsonObject[] = [
      { type: "string", pattern },
      { type: "object", patternProperties: { [pattern]: {} } },
    ];
    for (const schema of schemas)
      expect((await outcomeOf(schema)).said).toMatch(new RegExp(`^HubError: Not a usable JSON schema: .*${reason}`));
  });

  it("are bounded in a function's parameters too", async () => {
    const parameters: JsonObject = {
      type: "object",
      properties: { city: { const: `${"a".repeat(5_000)}!`, pattern: "^(a+)+$" } },
    };
    const start = performance.now();
    const asked = textOf("weather in Paris", {
      tools: [{ ...weather, parameters: { ...parameters, required: ["city"] } }],
    });
    await expect(asked).rejects.toMatchObject({ code: "invalid_request", field: "tools[0].parameters" });
    expect(performance.now() - start).toBeLessThan(QUICK_MILLISECONDS);
  });
});

/** Definitions that each use the one before twice. */
function doubling(levels: number, use: (reference: JsonObject) => JsonObject): JsonObject {
  const definitions: JsonObject = { d0: { type: "object" } };
  for (let level = 1; level <= levels; level += 1) definitions[`d${level}`] = use({ $ref: `#/$defs/d${level - 1}` });
  return { $ref: `#/$defs/d${levels}`, $defs: definitions };
}

describe("schemas that ask for too much", () => {
  const self: JsonObject = { $ref: "#" };
  const members = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`m${index}`, self]));
  const nested = {
    type: "array",
    minItems: 900,
    items: { type: "array", minItems: 900, items: { type: "array", minItems: 900 } },
  };
  const refused: [name: string, schema: JsonObject, reason: string][] = [
    ["a million items", { type: "array", minItems: 1_000_000 }, "minItems 1000000 is more than 5000"],
    ["ten million characters", { type: "string", minLength: 10_000_000 }, "minLength 10000000 is more than 100000"],
    ["a long match", { type: "string", pattern: "^a+$", minLength: 50_000 }, "minLength 50000 is more than 10000"],
    ["a million members", { type: "object", minProperties: 1_000_000 }, "minProperties 1000000 is more than 5000"],
    ["arrays in arrays in arrays", nested, "more than the simulator can make"],
    ["itself and no more", self, "found no value"],
    [
      "itself as a member",
      { type: "object", properties: { a: self, b: self }, required: ["a", "b"] },
      "found no value",
    ],
    ["parts that double", doubling(40, (each) => ({ allOf: [each, each] })), "too large"],
    ["choices that double", doubling(40, (each) => ({ oneOf: [each, each] })), "too large"],
    [
      "members that double",
      doubling(40, (each) => ({ type: "object", properties: { x: { allOf: [each, each] } }, required: ["x"] })),
      "too large",
    ],
  ];
  it.each(refused)("are refused in time: %s", async (_, schema, reason) => {
    const { said, milliseconds } = await outcomeOf(schema);
    expect(said).toMatch(/^HubError: /);
    expect(said).toContain(reason);
    expect(milliseconds).toBeLessThan(QUICK_MILLISECONDS);
  });

  const bounded: [name: string, schema: JsonObject][] = [
    ["sixty members like itself", { type: "object", properties: members }],
    [
      "a list of lists of itself",
      { type: "object", properties: { of: { type: "array", items: self } }, required: ["of"] },
    ],
    [
      "five thousand items",
      { type: "array", minItems: 5_000, items: { type: "object", properties: { a: {}, b: {} } } },
    ],
    [
      "a smaller choice",
      { type: "array", minItems: 1, items: { anyOf: [{ type: "string", minLength: 10_000_000 }, { type: "null" }] } },
    ],
  ];
  it.each(bounded)("are answered within bounds where they allow it: %s", async (_, schema) => {
    const { said, milliseconds } = await outcomeOf(schema);
    expect(said).not.toMatch(/^HubError/);
    expect(said.length).toBeLessThan(2_000_000);
    expect(milliseconds).toBeLessThan(QUICK_MILLISECONDS);
  });
});
