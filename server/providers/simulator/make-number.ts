import type { JsonObject } from "../../../schema/core/json.ts";
import { type Clues, normal } from "./clues.ts";
import type { Random } from "./random.ts";

type Making = { random: Random; clues: Clues | undefined; byChance: boolean };

/** A number within a schema's bounds and steps: one that the conversation names, or one by chance. */
export function makeNumber(schema: JsonObject, name: string, making: Making, whole: boolean): number | undefined {
  const fits = (value: number): boolean => isWithin(schema, value, whole);
  const { clues, random } = making;
  if (clues !== undefined && !making.byChance) {
    const named = [labelled(clues, name), clues.known.get(normal(name)), ...clues.numbers]
      .map(Number)
      .find((value) => Number.isFinite(value) && fits(value));
    if (named !== undefined) return named;
  }
  const [low, high] = rangeOf(schema, whole);
  const step = typeof schema.multipleOf === "number" && schema.multipleOf > 0 ? schema.multipleOf : undefined;
  for (let tries = 0; tries < 200; tries += 1) {
    const value = step === undefined ? between(low, high, whole, random) : stepped(low, high, step, tries, random);
    if (fits(value)) return value;
  }
  return [low, high].find(fits);
}

function between(low: number, high: number, whole: boolean, random: Random): number {
  if (whole) return random.integer(Math.ceil(low), Math.max(Math.ceil(low), Math.floor(high)));
  const value = low + random.next() * (high - low);
  const short = Number(value.toFixed(2));
  return short > low && short < high ? short : value;
}

/** Whole multiples first, then every one from the lower end: fractions seldom divide evenly in binary. */
function stepped(low: number, high: number, step: number, tries: number, random: Random): number {
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  const factor = tries < 100 ? random.integer(first, Math.max(first, last)) : first + tries - 100;
  return Number((factor * step).toPrecision(15));
}

function rangeOf(schema: JsonObject, whole: boolean): [low: number, high: number] {
  const lows = [schema.minimum, schema.exclusiveMinimum].filter((each) => typeof each === "number");
  const highs = [schema.maximum, schema.exclusiveMaximum].filter((each) => typeof each === "number");
  const span = typeof schema.multipleOf === "number" ? Math.max(100, schema.multipleOf * 20) : 100;
  const above = typeof schema.exclusiveMinimum === "number" && whole ? 1 : 0;
  const low =
    lows.length > 0 ? Math.max(...lows) + above : highs.length > 0 ? Math.min(0, Math.min(...highs) - span) : 1;
  const high = highs.length > 0 ? Math.min(...highs) : low + span;
  return [low, high];
}

function isWithin(schema: JsonObject, value: number, whole: boolean): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (whole && !Number.isInteger(value)) return false;
  if (typeof minimum === "number" && value < minimum) return false;
  if (typeof maximum === "number" && value > maximum) return false;
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) return false;
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) return false;
  return typeof multipleOf !== "number" || Number.isInteger(value / multipleOf);
}

/** The number that stands next to the member's name: "temperature to 21", "age: 30", "30 years old". */
function labelled(clues: Clues, name: string): number | undefined {
  const words = name
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .replaceAll("_", " ")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (words.trim() === "") return undefined;
  const behind = new RegExp(
    `\\b${words}s?\\b\\s*(?:(?:is|are|to|of|at|=|:|was)\\s*){0,2}(-?\\d+(?:\\.\\d+)?)`,
    "i",
  ).exec(clues.text)?.[1];
  const before = new RegExp(`(-?\\d+(?:\\.\\d+)?)\\s+${words.replace(/s$/, "")}s?\\b`, "i").exec(clues.text)?.[1];
  const age = /\bage\b/i.test(words) ? /(\d+)\s*(?:years?|-year)/i.exec(clues.text)?.[1] : undefined;
  const found = behind ?? before ?? age;
  return found === undefined ? undefined : Number(found);
}
