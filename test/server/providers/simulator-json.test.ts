import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import { json, textOf } from "../../cases/quick-simulator.ts";

async function valueFor(text: string, schema: JsonObject): Promise<JsonValue> {
  return JSON.parse(await textOf(text, json(schema)));
}

describe("JSON by a schema", () => {
  it("takes its values from the conversation where they fit", async () => {
    const value = await valueFor(
      "Extract: John Doe is 30 years old and lives in Lisbon, john@example.org, title: Captain",
      {
        type: "object",
        properties: {
          name: { type: "string" },
          age: { type: "integer", maximum: 40 },
          city: { type: "string" },
          email: { type: "string", format: "email" },
          title: { type: "string" },
          mood: { enum: ["sad", "old"] },
        },
        required: ["name", "age", "city", "email", "title", "mood"],
        additionalProperties: false,
      },
    );
    expect(value).toEqual({
      name: "John Doe",
      age: 30,
      city: "Lisbon",
      email: "john@example.org",
      title: "Captain",
      mood: "old",
    });
  });

  it("reads Google's own way to write schemas, and keeps to the order it gives", async () => {
    const value = await valueFor("List 3 recipes", {
      type: "OBJECT",
      properties: {
        recipes: {
          type: "ARRAY",
          items: {
            type: "OBJECT",
            properties: { minutes: { type: "INTEGER", minimum: "70", nullable: true }, dish: { type: "STRING" } },
            propertyOrdering: ["dish", "minutes"],
            required: ["minutes", "dish"],
          },
        },
      },
      required: ["recipes"],
    });
    const recipes = (value as { recipes: { dish: string; minutes: number }[] }).recipes;
    expect(recipes).toHaveLength(3);
    for (const recipe of recipes) {
      expect(Object.keys(recipe)).toEqual(["dish", "minutes"]);
      expect(recipe.minutes).toBeGreaterThanOrEqual(70);
    }
  });

  it("comes to an end where the schema refers to itself", async () => {
    const value = await valueFor("a tree", {
      $ref: "#/$defs/tree",
      $defs: {
        tree: {
          type: "object",
          properties: { value: { type: "integer" }, next: { anyOf: [{ $ref: "#/$defs/tree" }, { type: "null" }] } },
          required: ["value", "next"],
        },
      },
    });
    expect(value).toHaveProperty("next.value");
  });

  const hard: [name: string, schema: JsonObject][] = [
    [
      "patterns",
      { type: "array", items: { type: "string", pattern: "^(?:[A-Z]{2}-\\d{3,5}|x[^a-c]+y?)$" }, minItems: 6 },
    ],
    ["a pattern with a least length", { type: "string", pattern: "^[a-z]+$", minLength: 120 }],
    ["unique items of few", { type: "array", items: { enum: ["a", "b", "c"] }, minItems: 3, uniqueItems: true }],
    ["fractions", { type: "number", minimum: 0.25, maximum: 0.95, multipleOf: 0.1 }],
    ["bounds left out", { type: "integer", exclusiveMinimum: 5, exclusiveMaximum: 7 }],
    ["draft 4 bounds", { type: "integer", minimum: 5, exclusiveMinimum: true, maximum: 6 }],
    [
      "merged parts",
      {
        allOf: [
          { type: "object", properties: { a: { type: "integer", minimum: 3 } }, required: ["a"] },
          { properties: { a: { maximum: 4 }, b: { const: null } }, required: ["b"] },
        ],
      },
    ],
    ["exactly one branch", { oneOf: [{ type: "integer" }, { type: "number", minimum: 100 }] }],
    ["something forbidden", { enum: [1, 2, 3, 4, 5, 6, 7, 8], not: { maximum: 7 } }],
    [
      "conditions",
      // As text, because an object with a member `then` is taken for a promise.
      JSON.parse(
        '{"type":"object","properties":{"kind":{"enum":["a","b"]}},"required":["kind"],"if":{"properties":{"kind":{"const":"a"}}},"then":{"properties":{"size":{"type":"integer"}},"required":["size"]}}',
      ),
    ],
    [
      "maps",
      {
        type: "object",
        additionalProperties: { type: "boolean" },
        minProperties: 4,
        propertyNames: { pattern: "^k[0-9]{3}$" },
      },
    ],
    [
      "members by a pattern",
      {
        type: "object",
        patternProperties: { "^x_": { type: "integer" } },
        minProperties: 2,
        additionalProperties: false,
      },
    ],
    [
      "members by several patterns",
      {
        type: "object",
        patternProperties: { "^x_": { type: "integer" }, _y$: { minimum: 900 }, "^z$": { type: "null" } },
        required: ["x_y"],
        minProperties: 6,
        additionalProperties: false,
      },
    ],
    [
      "any type but one",
      { type: "object", properties: { a: { not: { type: "string" } } }, required: ["a"], additionalProperties: false },
    ],
    ["any type but several", { not: { anyOf: [{ type: ["string", "object"] }, { type: "number" }] } }],
    ["one type of those left", { type: ["string", "null"], not: { type: "string" } }],
    ["several things forbidden", { allOf: [{ not: { type: "string" } }, { not: { type: "number" } }] }],
    ["tuples", { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false, minItems: 2 }],
    ["something contained", { type: "array", items: { type: "integer" }, contains: { minimum: 900 }, minContains: 2 }],
    [
      "names of the prototype",
      JSON.parse(
        '{"type":"object","properties":{"__proto__":{"type":"integer"},"constructor":{"type":"string"}},"required":["__proto__","constructor"]}',
      ),
    ],
  ];
  it.each(hard)("satisfies %s", async (_, schema) => {
    // The simulator throws when nothing it made passes its own check, so it is enough that there is an answer.
    expect(await valueFor("Tell me about 3 things", schema)).not.toBeUndefined();
  });

  it("validates for any schema of these keywords, whatever was said", async () => {
    const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false });
    await fc.assert(
      fc.asyncProperty(schemas, fc.string({ maxLength: 40 }), async (schema, text) => {
        const value = await valueFor(`Hello ${text}`, schema);
        expect(ajv.validate(schema, value), ajv.errorsText()).toBe(true);
        ajv.removeSchema(schema);
      }),
      { numRuns: 150 },
    );
  });
});

const name = fc.constantFrom("city", "name", "count", "done", "tags", "x");

const schemas: fc.Arbitrary<JsonObject> = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .record({ least: fc.nat(8), room: fc.nat(20) })
      .map(({ least, room }): JsonObject => ({ type: "string", minLength: least, maxLength: least + room })),
    fc
      .record({ least: fc.integer({ min: -50, max: 50 }), room: fc.nat(60) })
      .map(({ least, room }): JsonObject => ({ type: "integer", minimum: least, maximum: least + room })),
    fc.integer({ min: 1, max: 9 }).map((step): JsonObject => ({ type: "INTEGER".toLowerCase(), multipleOf: step })),
    fc
      .double({ noNaN: true, min: -1e6, max: 1e6 })
      .map((least): JsonObject => ({ type: "number", exclusiveMinimum: least })),
    fc.constantFrom<JsonObject[]>(
      { type: "boolean" },
      { type: "null" },
      { const: { a: [1] } },
      { type: ["string", "null"] },
    ),
    fc
      .uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 })
      .map((values): JsonObject => ({ enum: values })),
    fc
      .constantFrom("date", "date-time", "email", "uuid", "uri", "ipv4")
      .map((format): JsonObject => ({ type: "string", format })),
    fc
      .record({ items: tie("schema"), least: fc.nat(3), room: fc.nat(3) })
      .map(({ items, least, room }): JsonObject => ({ type: "array", items, minItems: least, maxItems: least + room })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((branches): JsonObject => ({ anyOf: branches })),
    fc
      .record({
        properties: fc.dictionary(name, tie("schema"), { maxKeys: 4 }),
        closed: fc.boolean(),
        every: fc.boolean(),
      })
      .map(
        ({ properties, closed, every }): JsonObject => ({
          type: "object",
          properties,
          required: Object.keys(properties).filter((_, index) => every || index % 2 === 0),
          ...(closed ? { additionalProperties: false } : {}),
        }),
      ),
  ),
})).schema;
