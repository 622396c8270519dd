import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import { type Conversation, heard } from "./conversation.ts";
import { topicOf } from "./prose.ts";
import { factsOf } from "./recall.ts";
import { jsonOf } from "./result-answer.ts";

/** What the conversation offers to fill values with. */
export type Clues = {
  /** What the user said last. */
  text: string;
  places: readonly string[];
  /** Capitalised names that are not places. */
  names: readonly string[];
  numbers: readonly number[];
  quoted: readonly string[];
  topic: string;
  /** Values by the normal form of their member's name: from functions' results and from facts told earlier. */
  known: ReadonlyMap<string, JsonValue>;
};

const CAPITALISED = "\\p{Lu}[\\p{L}'’-]+(?:\\s(?:(?:de|la|del|of|the|am)\\s)?\\p{Lu}[\\p{L}'’-]+)*";
const PLACE_AFTER = new RegExp(
  `(?<=\\b(?:[Ii]n|[Aa]t|[Ff]or|[Ff]rom|[Tt]o|[Nn]ear|[Oo]f|[Aa]round|[Tt]owards|[Vv]isit|[Vv]ersus|vs\\.?)\\s)(${CAPITALISED}(?:(?:,\\s*(?:and\\s+|or\\s+)?|\\s+and\\s+(?:in\\s+|for\\s+)?|\\s+or\\s+(?:in\\s+)?|\\s*&\\s*)${CAPITALISED})*)`,
  "gu",
);
const NAME = new RegExp(`(?<![\\p{L}\\d])${CAPITALISED}`, "gu");
const NO_NAME = new Set(
  "I List Name What Which Who Where When How Why Is Are Was Do Does Did Can Could Please The A An And But Or If Tell Give Write Make Create Generate Extract Find Get Set Show Call Use Return Compare Schedule Book Send Add Turn Hello Hi My Your It In On At For To From With JSON Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December Celsius Fahrenheit".split(
    " ",
  ),
);
const CITIES =
  "paris london tokyo berlin madrid rome porto lisbon boston new york san francisco los angeles chicago sydney oslo vienna zurich seattle toronto dublin amsterdam delhi mumbai beijing cairo"
    .replace(/new york|san francisco|los angeles/g, (name) => name.replace(" ", "_"))
    .split(" ")
    .map((name) => name.replace("_", " "));
const CITY = new RegExp(`\\b(?:${CITIES.join("|")})\\b`, "gi");

/** Gathers what there is; `steps` of the past are only looked at for facts and for results of this turn. */
export function cluesOf(conversation: Conversation): Clues {
  const text = heard(conversation.latest);
  const places = placesIn(text);
  const known = new Map<string, JsonValue>();
  for (const fact of factsOf(conversation)) known.set(normal(fact.key), fact.value);
  for (const result of conversation.results) gather(jsonOf(result), known, 0);
  return {
    text,
    places,
    names: [...new Set(text.match(NAME) ?? [])]
      .map(withoutLeadingWord)
      .filter((name) => name !== "" && !places.includes(name)),
    numbers: (text.match(/(?<![\p{L}\d.])-?\d+(?:\.\d+)?/gu) ?? []).map(Number),
    quoted: [...text.matchAll(/["“«]([^"”»\n]{1,400})["”»]|(?<!\p{L})'([^'\n]{1,400})'(?!\p{L})/gu)].map(
      (match) => match[1] ?? match[2] ?? "",
    ),
    topic: topicOf(text),
    known,
  };
}

/** The clues with the attention on one value among several: what one of several parallel calls is about. */
export function focusedOn(clues: Clues, value: string, values: readonly string[]): Clues {
  const others = values.filter((other) => other !== value);
  const text = others.reduce((rest, other) => rest.replaceAll(other, " "), clues.text);
  return {
    ...clues,
    places: [value],
    names: clues.names.filter((name) => !others.includes(name)),
    text: `${value}. ${text}`,
  };
}

/** A member's name without case, underscores and plural. */
export function normal(name: string): string {
  return name
    .toLowerCase()
    .replace(/our(?=$|ite|s)/g, "or")
    .replace(/[^\p{L}\d]/gu, "")
    .replace(/(?<=\w{3})s$/, "");
}

function placesIn(text: string): string[] {
  const found = [...text.matchAll(PLACE_AFTER)].flatMap(([match]) =>
    match.split(/,\s*(?:and\s+|or\s+)?|\s+and\s+(?:in\s+|for\s+)?|\s+or\s+(?:in\s+)?|\s*&\s*/),
  );
  const cities = text.match(CITY) ?? [];
  const named = [
    ...found,
    ...cities.filter((city) => !found.some((place) => place.toLowerCase().includes(city.toLowerCase()))),
  ];
  return [...new Set(named.map((place) => place.trim()).filter((place) => !NO_NAME.has(place)))];
}

function withoutLeadingWord(name: string): string {
  const words = name.split(/\s/);
  while (words[0] !== undefined && NO_NAME.has(words[0].replace(/['’]\p{L}+$/u, ""))) words.shift();
  return words.join(" ");
}

function gather(value: JsonValue | undefined, known: Map<string, JsonValue>, depth: number): void {
  if (typeof value !== "object" || value === null || depth > 4) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 50)) gather(item, known, depth + 1);
    return;
  }
  for (const [key, member] of Object.entries(value satisfies JsonObject)) {
    known.set(normal(key), member);
    gather(member, known, depth + 1);
  }
}
