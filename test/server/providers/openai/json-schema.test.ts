import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../schema/core/json.ts";
import {
  normaliseSchema,
  parametersSchema,
  qualifiesForStrict,
} from "../../../../server/providers/openai/json-schema.ts";

describe("a schema for OpenAI's API", () => {
  it.each<[string, JsonObject, JsonObject]>([
    ["has types in lower case", { type: "STRING" }, { type: "string" }],
    [
      "has no $schema, at any depth",
      { $schema: "x", properties: { a: { $schema: "x", type: "INTEGER" } } },
      { properties: { a: { type: "integer" } } },
    ],
    ["has null as a type", { type: "STRING", nullable: true }, { type: ["string", "null"] }],
    [
      "has null among the values",
      { type: "STRING", enum: ["A"], nullable: true },
      { type: ["string", "null"], enum: ["A", null] },
    ],
    [
      "has null beside a reference",
      { $ref: "#/$defs/a", nullable: true },
      { anyOf: [{ $ref: "#/$defs/a" }, { type: "null" }] },
    ],
    [
      "has items for every array",
      { anyOf: [{ type: "ARRAY" }, { type: ["array", "null"] }] },
      {
        anyOf: [
          { type: "array", items: {} },
          { type: ["array", "null"], items: {} },
        ],
      },
    ],
    [
      "has numbers that came as text",
      { type: "ARRAY", items: { type: "STRING", maxLength: "5" }, minItems: "2" },
      { type: "array", items: { type: "string", maxLength: 5 }, minItems: 2 },
    ],
    [
      "keeps values as they are",
      { enum: ["STRING", { type: "OBJECT" }], const: { type: "OBJECT" }, default: { nullable: true } },
      { enum: ["STRING", { type: "OBJECT" }], const: { type: "OBJECT" }, default: { nullable: true } },
    ],
    [
      "keeps the names of properties",
      { properties: { type: { type: "STRING" }, nullable: { type: "BOOLEAN" }, $schema: { type: "STRING" } } },
      { properties: { type: { type: "string" }, nullable: { type: "boolean" }, $schema: { type: "string" } } },
    ],
    [
      "reaches every place",
      {
        $defs: { a: { type: "STRING" } },
        items: { anyOf: [{ type: "NUMBER" }] },
        additionalProperties: { type: "STRING" },
      },
      {
        $defs: { a: { type: "string" } },
        items: { anyOf: [{ type: "number" }] },
        additionalProperties: { type: "string" },
      },
    ],
  ])("%s", (_, schema, expected) => {
    const before = JSON.stringify(schema);
    expect(normaliseSchema(schema)).toEqual(expected);
    expect(JSON.stringify(schema)).toBe(before);
  });

  it("has properties in the order that Google's names", () => {
    const schema = { type: "OBJECT", properties: { a: {}, b: {}, c: {} }, propertyOrdering: ["c", "a"] };
    expect(JSON.stringify(normaliseSchema(schema))).toBe('{"type":"object","properties":{"c":{},"a":{},"b":{}}}');
  });

  it("of a function's arguments is an object with properties", () => {
    expect(parametersSchema(undefined)).toEqual({ type: "object", properties: {} });
    expect(parametersSchema({ type: "OBJECT" })).toEqual({ type: "object", properties: {} });
    expect(parametersSchema({ properties: { a: { type: "STRING" } } })).toEqual({
      type: "object",
      properties: { a: { type: "string" } },
    });
  });
});

describe("strictness", () => {
  const closed = (properties: JsonObject, required = Object.keys(properties)): JsonObject => ({
    type: "object",
    properties,
    required,
    additionalProperties: false,
  });

  it.each<[string, JsonObject]>([
    ["closed objects", closed({ a: { type: "string", enum: ["x"] }, b: { type: ["integer", "null"] } })],
    [
      "closed objects inside",
      closed({ a: { type: "array", items: closed({}) }, b: { anyOf: [closed({}), { type: "null" }] } }),
    ],
    ["references", { ...closed({ a: { $ref: "#/$defs/a" } }), $defs: { a: closed({}) } }],
  ])("is possible with %s", (_, schema) => {
    expect(qualifiesForStrict(schema)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ["open objects", { type: "object", properties: {}, required: [] }],
    ["optional properties", closed({ a: {} }, [])],
    ["open objects inside", closed({ a: { type: "array", items: { type: "object" } } })],
    ["open definitions", { ...closed({}), $defs: { a: { type: "object" } } }],
    ["other keywords", closed({ a: { type: "string", minLength: 1 } })],
    ["other roots", { type: "array", items: closed({}) }],
  ])("is not possible with %s", (_, schema) => {
    expect(qualifiesForStrict(schema)).toBe(false);
  });
});
