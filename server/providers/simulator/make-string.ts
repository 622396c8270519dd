import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import { type Clues, normal } from "./clues.ts";
import type { Effort } from "./effort.ts";
import { formats } from "./formats.ts";
import { MOST_STEPS, matcherOf } from "./pattern-matcher.ts";
import { sentence } from "./prose.ts";
import type { Random } from "./random.ts";
import { textMatching } from "./text-matching.ts";

type Making = {
  random: Random;
  clues: Clues | undefined;
  byChance: boolean;
  effort: Effort;
  /** What was asked for beyond the simulator's bounds. */
  unmakable: Set<string>;
};

const MOST_CHARACTERS = 100_000;
/** Of a text that must match a pattern. */
const MOST_MATCHED = 10_000;
const DATE = /\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?/;
const DAY = /\b(?:today|tomorrow|tonight|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i;
const PERSON =
  /^name$|\b(?:full|first|last|user|person|author|customer) name\b|\b(?:person|author|user|customer|owner|attendee|recipient|who)s?$|^to$|\btitle\b/;
const PROSE = /\b(?:description|summary|text|content|body|reason|explanation|comment|note|answer|story|message)\b/;
const ASKING =
  /^(?:please\s+)?(?:can you\s+|could you\s+)?(?:search|look up|find|google|calculate|compute|evaluate|what(?:'s| is)|tell me about)\s+(?:the web\s+|online\s+|up\s+)?(?:for\s+|about\s+)?/i;

/** Inventions by the words of the member's name, the first that fits. */
const inventions: readonly [RegExp, readonly [string, ...string[]]][] = [
  [/\b(?:city|location|place|town|destination|origin)\b/, ["Paris", "Tokyo", "Lisbon", "Oslo", "Boston"]],
  [/\bcountry\b/, ["France", "Japan", "Portugal", "Norway"]],
  [/\bcolou?r\b/, ["teal", "amber", "violet", "crimson"]],
  [/\bfirst name\b/, ["Ada", "Grace", "Alan", "Mary"]],
  [/\blast name\b/, ["Lovelace", "Hopper", "Turing", "Somerville"]],
  [
    /^(?:full |user |person |author |customer )?name$|\b(?:author|person|user|customer|owner|attendee)$/,
    ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Mary Somerville"],
  ],
  [/\be ?mail\b/, ["ada@example.com", "grace@example.com"]],
  [/\b(?:url|link|website)\b/, ["https://example.com/page"]],
  [/\bphone\b/, ["+1 202 555 0143"]],
  [/\btime\b/, ["09:30", "14:00"]],
  [/\b(?:date|day)\b/, ["2026-05-15", "2026-11-02"]],
  [/\bcurrency\b/, ["EUR", "USD", "JPY"]],
  [/\bunits?\b/, ["celsius", "metric"]],
  [/\blanguage\b/, ["en", "fr", "ja"]],
];

/** A text within a schema's bounds: what the conversation offers for a member of that name, or an invention. */
export function makeString(schema: JsonObject, name: string, making: Making): string | undefined {
  const pattern = typeof schema.pattern === "string" ? matcherOf(schema.pattern) : undefined;
  const format = typeof schema.format === "string" ? formats.get(schema.format) : undefined;
  const least = typeof schema.minLength === "number" ? schema.minLength : 0;
  const most = typeof schema.maxLength === "number" ? schema.maxLength : Number.POSITIVE_INFINITY;
  const longest = pattern === undefined ? MOST_CHARACTERS : MOST_MATCHED;
  if (least > longest) making.unmakable.add(`minLength ${least} is more than ${longest}, the most that it makes`);
  if (least > longest || least > most) return undefined;
  const { random, clues, effort } = making;

  function fits(text: string): boolean {
    const length = [...text].length;
    const steps = pattern?.stepsFor(length) ?? 0;
    effort.spend(text.length);
    if (length < least || length > most || steps > MOST_STEPS) return false;
    effort.spend(steps);
    return (pattern?.test(text) ?? true) && (format?.pattern.test(text) ?? true);
  }

  if (clues !== undefined && !making.byChance) {
    const offered = offersFor(name, clues).find((offer) => typeof offer === "string" && fits(offer));
    if (typeof offered === "string") return offered;
  }
  if (pattern !== undefined) {
    for (let tries = 0; tries < 60; tries += 1) {
      const text = textMatching(pattern.node, random, Math.ceil((Math.min(least, 4_000) * tries) / 20));
      effort.spend(text.length);
      const long = text.length < least ? text.padEnd(least, text.at(-1) ?? "a") : text;
      if (fits(long)) return long;
    }
    return undefined;
  }
  if (format !== undefined) {
    for (let tries = 0; tries < 20; tries += 1) {
      const text = format.make(random);
      if (fits(text)) return text;
    }
    return undefined;
  }
  const invented = invent(name, making);
  return fits(invented) ? invented : fitted(invented, least, most);
}

/** What the conversation has for a member, the best first. */
function offersFor(name: string, clues: Clues): JsonValue[] {
  const { text, places, names, quoted, topic } = clues;
  const words = wordsOf(name);
  const is = (expression: RegExp): boolean => expression.test(words);
  const found = (expression: RegExp): string | undefined => expression.exec(text)?.[0];
  const offers: (JsonValue | undefined)[] = [labelled(text, words), clues.known.get(normal(name))];
  if (is(/\be ?mails?\b/)) offers.push(found(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/));
  if (is(/\b(?:ur[il]|link|website)s?\b/)) offers.push(found(/https?:\/\/[^\s"'<>)]+/));
  if (is(/\b(?:time|hour|when|at)\b/)) offers.push(found(/\b\d{1,2}(?::\d\d)?\s?(?:am|pm)\b|\b\d{1,2}:\d\d\b/i));
  if (is(/\b(?:date|day|when|start|end|deadline)\b/)) offers.push(found(DATE), found(DAY));
  if (is(/\b(?:origin|from|departure|source)\b/)) offers.push(places[0]);
  if (is(/^to$|\b(?:destination|arrival|target)\b/)) offers.push(places[1] ?? places[0]);
  if (is(/\b(?:city|cities|location|place|town|address|region|country|where)s?\b/)) offers.push(...places, names[0]);
  if (is(PERSON)) offers.push(quoted[0], ...names);
  if (
    is(/\b(?:query|queries|question|prompt|search|keyword|text|message|content|body|input|expression|formula|code)s?\b/)
  ) {
    offers.push(quoted[0], subjectOf(text));
  }
  if (is(/\b(?:topic|subject|theme|title)\b/)) offers.push(topic === "this" ? undefined : topic, subjectOf(text));
  if (is(/\b(?:answer|reply|response|summary)\b/)) offers.push(text);
  offers.push(quoted[0]);
  return offers.filter((offer): offer is JsonValue => offer !== undefined && offer !== "");
}

/** A member's name as words: `startDate` and `start_date` are "start date". */
function wordsOf(name: string): string {
  return name
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .replace(/[_-]+/g, " ")
    .toLowerCase()
    .trim();
}

/** "title: Foo", "title is Foo", "title = Foo"; not the questions "what time is it" and "what time is the train?". */
function labelled(text: string, words: string): string | undefined {
  if (words === "") return undefined;
  const label = words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const stated = new RegExp(`(?<!\\bwhat )\\b${label}\\b\\s*(?:is|=|:)\\s*["“']?([^"”'.,;?\\n]{1,200})`, "i").exec(
    text,
  );
  return stated?.[1]?.trim();
}

/** A request without the words that only ask: "search for X" is about X. */
function subjectOf(text: string): string {
  const subject = text.replace(ASKING, "");
  return subject.replace(/[?.!\s]+$/, "").slice(0, 400);
}

function invent(name: string, { random, clues }: Making): string {
  const words = wordsOf(name);
  const pool = inventions.find(([expression]) => expression.test(words))?.[1];
  if (pool !== undefined) return random.pick(pool);
  if (/\b(?:id|key|code|token)$/.test(words)) return random.token(8);
  if (PROSE.test(words))
    return sentence(clues === undefined || clues.topic === "this" ? "the matter" : clues.topic, random);
  return words === "" ? random.token(6) : `${words} ${random.token(3)}`;
}

function fitted(text: string, least: number, most: number): string {
  const characters = [...text];
  while (characters.length < least) characters.push(...(characters.length === 0 ? ["a"] : [" ", ...text]));
  return characters.slice(0, Math.max(least, Math.min(characters.length, most))).join("");
}
