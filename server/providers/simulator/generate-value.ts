import { HubError } from "../../../schema/core/error.ts";
import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import { type Clues, normal } from "./clues.ts";
import { makeNumber } from "./make-number.ts";
import { makeString } from "./make-string.ts";
import { isObject } from "./plain-schema.ts";
import type { Random } from "./random.ts";
import { type Choosing, resolveSchema } from "./resolve-schema.ts";
import type { CompiledSchema } from "./schema-validator.ts";

/** Tries until a schema counts as one that no value satisfies; the first two fill in what the conversation offers. */
const ATTEMPTS = 60;
const TRIES_WITH_CLUES = 2;
const SHALLOW_FROM = 5;
const DEEPEST = 40;
const MOST_ITEMS = 5_000;

type Making = { root: JsonObject; random: Random; clues: Clues | undefined; byChance: boolean };

/** A value that satisfies a schema, filled from the conversation where it fits. Each value is checked before it is given. */
export function generateValue(schema: CompiledSchema, clues: Clues, random: Random, field: string): JsonValue {
  let complaint = "nothing could be made";
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const offered = attempt < TRIES_WITH_CLUES ? clues : undefined;
    const making: Making = { root: schema.plain, random, clues: offered, byChance: attempt > 0 };
    const value = make(schema.plain, "", making, 0);
    if (value === undefined) continue;
    const problem = schema.complaint(value);
    if (problem === undefined) return value;
    complaint = problem;
  }
  throw new HubError("invalid_request", `The simulator found no value that satisfies the schema: ${complaint}`, {
    field,
  });
}

/** `undefined` where nothing is allowed. */
function make(schema: JsonValue | undefined, name: string, making: Making, depth: number): JsonValue | undefined {
  if (depth > DEEPEST) return undefined;
  const choosing: Choosing = { ...making, shallow: depth >= SHALLOW_FROM };
  const resolved = resolveSchema(schema, choosing);
  if (resolved === false) return undefined;
  if (resolved.const !== undefined) return resolved.const;
  if (Array.isArray(resolved.enum)) return chooseAmong(resolved.enum, resolved, making);
  if (making.clues !== undefined && !making.byChance && resolved.default !== undefined) return resolved.default;
  switch (typeOf(resolved, making)) {
    case "object":
      return makeObject(resolved, making, depth);
    case "array":
      return makeArray(resolved, name, making, depth);
    case "string":
      return makeString(resolved, name, making);
    case "integer":
      return makeNumber(resolved, name, making, true);
    case "number":
      return makeNumber(resolved, name, making, false);
    case "boolean":
      return makeBoolean(name, making);
    case "null":
      return null;
    default:
      return undefined;
  }
}

function typeOf(schema: JsonObject, making: Making): string | undefined {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) {
    const types = type.filter((each) => typeof each === "string");
    if (making.byChance && types.length > 0) return types[making.random.integer(0, types.length - 1)];
    return types.find((each) => each !== "null") ?? types[0];
  }
  if (schema.properties ?? schema.required ?? schema.additionalProperties ?? schema.minProperties) return "object";
  if (schema.items ?? schema.prefixItems ?? schema.minItems ?? schema.contains) return "array";
  if (schema.minimum ?? schema.maximum ?? schema.multipleOf ?? schema.exclusiveMinimum ?? schema.exclusiveMaximum)
    return "number";
  return "string";
}

/** The value that the conversation names, or one by chance; only values of the schema's own type count. */
function chooseAmong(
  values: readonly JsonValue[],
  schema: JsonObject,
  { clues, random, byChance }: Making,
): JsonValue | undefined {
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? undefined : [schema.type];
  const allowed = values.filter(
    (value) =>
      types === undefined || types.includes(kindOf(value)) || (Number.isInteger(value) && types.includes("integer")),
  );
  const said = clues?.text.toLowerCase() ?? "";
  const named = allowed.filter((value) => typeof value === "string" && value !== "" && mentions(said, value));
  if (named.length > 0 && !byChance) return named[0];
  const present = allowed.length > 1 && !byChance ? allowed.filter((value) => value !== null) : allowed;
  return present.length === 0 ? undefined : present[random.integer(0, present.length - 1)];
}

/** Whether a text (in lower case) has a value as a word. */
export function mentions(text: string, value: string): boolean {
  const word = value.toLowerCase().replaceAll("_", " ");
  const at = text.indexOf(word);
  return (
    at >= 0 &&
    !/[\p{L}\d]/u.test(text[at - 1] ?? "") &&
    !/[\p{L}\d]/u.test((text[at + word.length] ?? "").replace("s", ""))
  );
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function makeBoolean(name: string, { clues, random, byChance }: Making): boolean {
  const known = clues?.known.get(normal(name));
  if (typeof known === "boolean") return known;
  if (clues === undefined || byChance) return random.next() < 0.5;
  return !/\b(?:off|no|not|never|without|disable|false|don't)\b/i.test(clues.text);
}

function makeObject(schema: JsonObject, making: Making, depth: number): JsonObject | undefined {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set(
    Array.isArray(schema.required) ? schema.required.filter((each) => typeof each === "string") : [],
  );
  const most = typeof schema.maxProperties === "number" ? schema.maxProperties : Number.POSITIVE_INFINITY;
  const result: JsonObject = {};
  let room = most - required.size;
  for (const name of orderOf(schema, properties, required)) {
    const needed = required.has(name);
    const wanted = needed || (room > 0 && depth < SHALLOW_FROM && (!making.byChance || making.random.next() < 0.5));
    if (!wanted) continue;
    const value = make(properties[name] ?? extraSchema(schema, name), name, making, depth + 1);
    if (value === undefined && needed) return undefined;
    if (value === undefined) continue;
    // Not by assignment: a member may be called `__proto__`.
    Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true });
    if (!needed) room -= 1;
  }
  fillUp(schema, result, making, depth, most);
  return result;
}

function orderOf(schema: JsonObject, properties: JsonObject, required: ReadonlySet<string>): string[] {
  const ordering = Array.isArray(schema.propertyOrdering)
    ? schema.propertyOrdering.filter((each) => typeof each === "string")
    : [];
  const names = new Set([
    ...ordering.filter((name) => Object.hasOwn(properties, name)),
    ...Object.keys(properties),
    ...required,
  ]);
  return [...names];
}

/** Members beyond the named ones: as many as are needed, and two where the object is a map. */
function fillUp(schema: JsonObject, result: JsonObject, making: Making, depth: number, most: number): void {
  const least = typeof schema.minProperties === "number" ? schema.minProperties : 0;
  const isMap = isObject(schema.additionalProperties) && schema.properties === undefined && depth < SHALLOW_FROM;
  const wanted = Math.min(Math.max(least, isMap ? 2 : 0), most, MOST_ITEMS);
  const patterns = isObject(schema.patternProperties) ? Object.keys(schema.patternProperties) : [];
  const names =
    schema.propertyNames ??
    (schema.additionalProperties === false && patterns[0] !== undefined ? { pattern: patterns[0] } : undefined);
  for (let tries = 0; Object.keys(result).length < wanted && tries < wanted * 4 + 8; tries += 1) {
    const name =
      names === undefined
        ? `member_${Object.keys(result).length + 1}`
        : make(names, "", { ...making, clues: undefined, byChance: true }, depth + 1);
    if (typeof name !== "string" || name === "__proto__" || Object.hasOwn(result, name)) continue;
    const value = make(extraSchema(schema, name), name, making, depth + 1);
    if (value !== undefined) result[name] = value;
  }
}

function extraSchema(schema: JsonObject, name: string): JsonValue | undefined {
  const patterns = isObject(schema.patternProperties) ? schema.patternProperties : {};
  const pattern = Object.keys(patterns).find((each) => new RegExp(each, "u").test(name));
  return pattern === undefined ? schema.additionalProperties : patterns[pattern];
}

function makeArray(schema: JsonObject, name: string, making: Making, depth: number): JsonValue[] | undefined {
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const least = Math.max(
    numberOf(schema.minItems) ?? 0,
    numberOf(schema.minContains) ?? (schema.contains === undefined ? 0 : 1),
  );
  const most = Math.min(numberOf(schema.maxItems) ?? Number.POSITIVE_INFINITY, MOST_ITEMS);
  if (least > most) return undefined;
  const open = schema.items !== false;
  const wished = Math.max(prefix.length, open ? wishedItems(name, making, depth) : 0);
  const count = Math.min(Math.max(wished, least), open ? most : Math.min(most, prefix.length));
  const contained = schema.contains === undefined ? 0 : (numberOf(schema.minContains) ?? 1);
  const items: JsonValue[] = [];
  const seen = new Set<string>();
  for (let tries = 0; items.length < count && tries < count * 8 + 40; tries += 1) {
    const place = items.length;
    const base = prefix[place] ?? schema.items;
    const wanted =
      place >= prefix.length && place - prefix.length < contained
        ? { allOf: [base ?? {}, schema.contains ?? {}] }
        : base;
    const item = make(wanted, name.replace(/s$/, ""), itemMaking(making, place, tries > place), depth + 1);
    if (item === undefined) {
      if (place >= least) break;
      continue;
    }
    const body = JSON.stringify(item);
    if (schema.uniqueItems === true && seen.has(body)) continue;
    seen.add(body);
    items.push(item);
  }
  return items.length < least ? undefined : items;
}

/** As many as the user asked for, or as he named; else two. */
function wishedItems(name: string, { clues, random, byChance }: Making, depth: number): number {
  if (depth >= SHALLOW_FROM) return 0;
  if (byChance || clues === undefined) return random.integer(0, 3);
  const asked = clues.numbers.find((number) => Number.isInteger(number) && number > 0 && number <= 50);
  if (
    asked !== undefined &&
    new RegExp(`\\b${asked}\\s+(?:\\p{L}+\\s)?${escaped(name.replace(/s$/, ""))}`, "iu").test(clues.text)
  )
    return asked;
  return Math.max(2, /cit|place|location/i.test(name) ? clues.places.length : 0);
}

/** Each item gets the next of the places, names and numbers; after a repetition chance decides. */
function itemMaking(making: Making, place: number, repeated: boolean): Making {
  const { clues } = making;
  if (clues === undefined || repeated) return { ...making, clues: undefined, byChance: true };
  const known = new Map([...clues.known].filter(([, value]) => place === 0 || typeof value === "object"));
  const rest = {
    places: clues.places.slice(place),
    names: clues.names.slice(place),
    numbers: clues.numbers.slice(place),
    quoted: clues.quoted.slice(place),
  };
  return { ...making, clues: { ...clues, ...rest, known } };
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
