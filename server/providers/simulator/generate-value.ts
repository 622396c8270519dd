import { HubError } from "../../../schema/core/error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../schema/core/json.ts";
import { type Clues, normal } from "./clues.ts";
import { createEffort, type Effort } from "./effort.ts";
import { makeNumber } from "./make-number.ts";
import { makeString } from "./make-string.ts";
import { freshName, memberSchema, nameSchema } from "./member-schema.ts";
import type { Random } from "./random.ts";
import { type Choosing, resolveSchema } from "./resolve-schema.ts";
import { chooseType } from "./schema-types.ts";
import type { CompiledSchema } from "./schema-validator.ts";

/** Tries until a schema counts as one that no value satisfies; the first two fill in what the conversation offers. */
const ATTEMPTS = 60;
const TRIES_WITH_CLUES = 2;
const SHALLOW_FROM = 5;
const DEEPEST = 40;
const MOST_ITEMS = 5_000;
/** Units of effort for one answer, and for each value in it; a unit is about a step of a pattern. */
const MOST_EFFORT = 20_000_000;
const EFFORT_PER_VALUE = 200;

/** `unmakable` tells what was asked for beyond the simulator's bounds. */
type Making = {
  root: JsonObject;
  random: Random;
  clues: Clues | undefined;
  byChance: boolean;
  effort: Effort;
  unmakable: Set<string>;
};

/** A value that satisfies a schema, filled from the conversation where it fits. Each value is checked before it is given. */
export function generateValue(schema: CompiledSchema, clues: Clues, random: Random, field: string): JsonValue {
  const effort = createEffort(MOST_EFFORT, field);
  const unmakable = new Set<string>();
  let complaint = "nothing could be made";
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const offered = attempt < TRIES_WITH_CLUES ? clues : undefined;
    const making: Making = { root: schema.plain, random, clues: offered, byChance: attempt > 0, effort, unmakable };
    const value = make(schema.plain, "", making, 0);
    if (value === undefined) continue;
    const problem = schema.complaint(value);
    if (problem === undefined) return value;
    complaint = problem;
  }
  const reason = [...unmakable].join("; ") || complaint;
  throw new HubError("invalid_request", `The simulator found no value that satisfies the schema: ${reason}`, { field });
}

/** `undefined` where nothing is allowed. */
function make(schema: JsonValue | undefined, name: string, making: Making, depth: number): JsonValue | undefined {
  if (depth > DEEPEST) return undefined;
  making.effort.spend(EFFORT_PER_VALUE);
  const choosing: Choosing = { ...making, shallow: depth >= SHALLOW_FROM };
  const resolved = resolveSchema(schema, choosing);
  if (resolved === false) return undefined;
  if (resolved.const !== undefined) return resolved.const;
  if (Array.isArray(resolved.enum)) return chooseAmong(resolved.enum, resolved, making);
  if (making.clues !== undefined && !making.byChance && resolved.default !== undefined) return resolved.default;
  switch (chooseType(resolved, making.random, making.byChance)) {
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
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = new Set(
    Array.isArray(schema.required) ? schema.required.filter((each) => typeof each === "string") : [],
  );
  const most = typeof schema.maxProperties === "number" ? schema.maxProperties : Number.POSITIVE_INFINITY;
  const result: JsonObject = {};
  let room = most - required.size;
  for (const name of orderOf(schema, properties, required)) {
    const needed = required.has(name);
    const affordable = room > 0 && depth < SHALLOW_FROM && !making.effort.scarce();
    if (!needed && !(affordable && (!making.byChance || making.random.next() < 0.5))) continue;
    const value = make(memberSchema(schema, name), name, making, depth + 1);
    if (value === undefined && needed) return undefined;
    if (value === undefined) continue;
    // Not by assignment: a member may be called `__proto__`.
    Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true });
    if (!needed) room -= 1;
  }
  return fillUp(schema, result, making, depth, most) ? result : undefined;
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

/** Adds members beyond the named ones, as many as are needed, and two where the object is a map; tells whether it could. */
function fillUp(schema: JsonObject, result: JsonObject, making: Making, depth: number, most: number): boolean {
  const { random, effort } = making;
  const least = numberOf(schema.minProperties) ?? 0;
  if (least > MOST_ITEMS) return tooMuch(making, `minProperties ${least} is more than ${MOST_ITEMS}`) ?? false;
  const open = isJsonObject(schema.additionalProperties) || isJsonObject(schema.patternProperties);
  const isMap = open && schema.properties === undefined && depth < SHALLOW_FROM && !effort.scarce();
  const wanted = Math.min(Math.max(least, isMap ? 2 : 0), most);
  const byChance: Making = { ...making, clues: undefined, byChance: true };
  let count = Object.keys(result).length;
  for (let tries = 0; count < wanted && tries < wanted * 4 + 8; tries += 1) {
    const names = nameSchema(schema, random);
    const made = names === undefined ? `member_${count + 1}` : make(names, "", byChance, depth + 1);
    const name = typeof made === "string" ? freshName(made, names, result, random) : "__proto__";
    if (name === "__proto__" || Object.hasOwn(result, name)) continue;
    const value = make(memberSchema(schema, name), name, making, depth + 1);
    if (value === undefined) continue;
    result[name] = value;
    count += 1;
  }
  return count >= least;
}

/** Notes what is beyond the simulator's bounds, and makes nothing. */
function tooMuch({ unmakable }: Making, what: string): undefined {
  unmakable.add(`${what}, the most that it makes`);
}

function makeArray(schema: JsonObject, name: string, making: Making, depth: number): JsonValue[] | undefined {
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const least = Math.max(
    numberOf(schema.minItems) ?? 0,
    numberOf(schema.minContains) ?? (schema.contains === undefined ? 0 : 1),
  );
  if (least > MOST_ITEMS) return tooMuch(making, `minItems ${least} is more than ${MOST_ITEMS}`);
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
function wishedItems(name: string, { clues, random, byChance, effort }: Making, depth: number): number {
  if (depth >= SHALLOW_FROM || effort.scarce()) return 0;
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
