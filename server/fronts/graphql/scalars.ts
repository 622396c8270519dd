import { GraphQLError, type ValueNode, valueFromASTUntyped } from "graphql";
import { isJsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { instantText } from "../../../schema/graphql/instant-text.ts";
import { builder } from "./builder.ts";

/** RFC 3339 with an offset; JavaScript alone would take anything that looks a little like a date. */
const instant = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)$/;

builder.scalarType("DateTime", {
  description: "An instant by RFC 3339, given in UTC with milliseconds: `2026-11-27T09:30:00.000Z`.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  serialize: instantText,
  parseValue: readInstant,
});

builder.scalarType("Date", {
  description: "A day of the calendar: `2026-11-27`.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/local-date.html",
  serialize: (value) => value,
  parseValue: (value) => readText(value, /^\d{4}-\d\d-\d\d$/, "a day such as 2026-11-27"),
});

builder.scalarType("JSON", {
  description: "Any value of JSON.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc8259",
  serialize: (value) => value,
  parseValue: (value) => value as JsonValue,
  parseLiteral: (node, variables) => plainValue(node, variables ?? {}),
});

builder.scalarType("SafeInt", {
  description: "A whole number that JSON carries exactly: at most 2^53 - 1.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc7493#section-2.2",
  serialize: (value) => value,
  parseValue: readWholeNumber,
});

builder.scalarType("URL", {
  description: "An address by RFC 3986.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc3986",
  serialize: (value) => value,
  parseValue: (value) => readText(value, /^[^\s]+$/, "an address"),
});

builder.scalarType("Base64", {
  description: "Bytes in standard base64 with padding.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc4648#section-4",
  serialize: (value) => value,
  parseValue: (value) => readText(value, /^[A-Za-z0-9+/]*={0,2}$/, "base64"),
});

builder.scalarType("Cursor", {
  description:
    "A place in a list or in a log, to go on from. It is opaque, and stays good for as long as the list is there.",
  specifiedByURL: "https://relay.dev/graphql/connections.htm#sec-Cursor",
  serialize: (value) => value,
  parseValue: (value) => readText(value, /^[\w.-]{1,1000}$/, "a cursor that was handed out"),
});

function readInstant(value: unknown): number {
  const text = typeof value === "string" && instant.test(value) ? value : "";
  const at = Date.parse(text.replace(" ", "T"));
  if (Number.isNaN(at)) throw new GraphQLError("Expected an instant such as 2026-11-27T09:30:00Z.");
  return at;
}

function readWholeNumber(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new GraphQLError("Expected a whole number.");
  return value;
}

function readText(value: unknown, form: RegExp, expected: string): string {
  if (typeof value !== "string" || !form.test(value)) throw new GraphQLError(`Expected ${expected}.`);
  return value;
}

/** A literal as JSON has it. Its objects are plain ones again, since those of graphql-js have no prototype. */
function plainValue(node: ValueNode, variables: Record<string, unknown>): JsonValue {
  return plain(valueFromASTUntyped(node, variables) as JsonValue);
}

function plain(value: JsonValue): JsonValue {
  // It would be given back as null.
  if (typeof value === "number" && !Number.isFinite(value)) throw new GraphQLError("A number is too large.");
  if (Array.isArray(value)) return value.map(plain);
  if (!isJsonObject(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
