import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import { type Clues, normal } from "./clues.ts";
import { formats } from "./formats.ts";
import { textMatching } from "./pattern.ts";
import { sentence } from "./prose.ts";
import type { Random } from "./random.ts";

type Making = { random: Random; clues: Clues | undefined; byChance: boolean };

const MOST_CHARACTERS = 100_000;

const inventions: readonly [RegExp, readonly [string, ...string[]]][] = [
  [/city|location|place|town|destination|origin/i, ["Paris", "Tokyo", "Lisbon", "Oslo", "Boston"]],
  [/country/i, ["France", "Japan", "Portugal", "Norway"]],
  [/colou?r/i, ["teal", "amber", "violet", "crimson"]],
  [/first_?name/i, ["Ada", "Grace", "Alan", "Mary"]],
  [/name|author|person|user|customer|owner/i, ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Mary Somerville"]],
  [/email/i, ["ada@example.com", "grace@example.com"]],
  [/url|link|website/i, ["https://example.com/page"]],
  [/phone/i, ["+1 202 555 0143"]],
  [/date|day/i, ["2026-05-15", "2026-11-02"]],
  [/time/i, ["09:30", "14:00"]],
  [/currency/i, ["EUR", "USD", "JPY"]],
  [/unit/i, ["celsius", "metric"]],
  [/language/i, ["en", "fr", "ja"]],
];

/** A text within a schema's bounds: what the conversation offers for a member of that name, or an invention. */
export function makeString(schema: JsonObject, name: string, making: Making): string | undefined {
  const pattern = typeof schema.pattern === "string" ? expressionOf(schema.pattern) : undefined;
  const format = typeof schema.format === "string" ? formats.get(schema.format) : undefined;
  const least = typeof schema.minLength === "number" ? schema.minLength : 0;
  const most = typeof schema.maxLength === "number" ? schema.maxLength : Number.POSITIVE_INFINITY;
  if (least > MOST_CHARACTERS || least > most) return undefined;
  const { random, clues } = making;

  function fits(text: string): boolean {
    const length = [...text].length;
    return length >= least && length <= most && (pattern?.test(text) ?? true) && (format?.pattern.test(text) ?? true);
  }

  if (clues !== undefined && !making.byChance) {
    const offered = offersFor(name, clues).find((offer) => typeof offer === "string" && fits(offer));
    if (typeof offered === "string") return offered;
  }
  if (typeof schema.pattern === "string") {
    for (let tries = 0; tries < 60; tries += 1) {
      const text = textMatching(schema.pattern, random, Math.ceil((Math.min(least, 4_000) * tries) / 20));
      const long = text.length < least && pattern !== undefined ? text.padEnd(least, text.at(-1) ?? "a") : text;
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
  const key = normal(name);
  const offers: (JsonValue | undefined)[] = [labelled(clues.text, name), clues.known.get(key)];
  const is = (words: RegExp): boolean => words.test(name);
  if (is(/email/i)) offers.push(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(clues.text)?.[0]);
  if (is(/ur[il]|link|website/i)) offers.push(/https?:\/\/[^\s"'<>)]+/.exec(clues.text)?.[0]);
  if (is(/date|day|time|when|start|end/i))
    offers.push(
      /\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?/.exec(clues.text)?.[0],
      /\b(?:today|tomorrow|tonight|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i.exec(clues.text)?.[0],
    );
  if (is(/time|hour/i)) offers.push(/\b\d{1,2}(?::\d\d)?\s?(?:am|pm)\b|\b\d{1,2}:\d\d\b/i.exec(clues.text)?.[0]);
  if (is(/origin|from|departure|source/i)) offers.push(clues.places[0]);
  if (is(/^to$|destination|arrival|target/i)) offers.push(clues.places[1] ?? clues.places[0]);
  if (is(/cit(?:y|ies)|location|place|town|address|region|country|where|timezone/i))
    offers.push(...clues.places, clues.names[0]);
  if (is(/name|person|author|user|customer|owner|attendee|recipient|who|^to$|title/i))
    offers.push(clues.quoted[0], ...clues.names);
  if (is(/query|question|prompt|search|keyword|text|message|content|body|input|expression|formula|code/i))
    offers.push(clues.quoted[0], subjectOf(clues.text));
  if (is(/topic|subject|theme|title/i))
    offers.push(clues.topic === "this" ? undefined : clues.topic, subjectOf(clues.text));
  if (is(/summary|answer|reply|response/i)) offers.push(clues.text);
  offers.push(clues.quoted[0]);
  return offers.filter((offer): offer is JsonValue => offer !== undefined && offer !== "");
}

/** "title: Foo", "title is Foo", "title = Foo". */
function labelled(text: string, name: string): string | undefined {
  const words = name
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .replaceAll("_", " ")
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (words === "") return undefined;
  return new RegExp(`\\b${words}\\b\\s*(?:is|=|:)\\s*["“']?([^"”'.,;\\n]{1,200})`, "i").exec(text)?.[1]?.trim();
}

/** A request without the words that only ask: "search for X" is about X. */
function subjectOf(text: string): string {
  const subject = text.replace(
    /^(?:please\s+)?(?:can you\s+|could you\s+)?(?:search|look up|find|google|calculate|compute|evaluate|what(?:'s| is)|tell me about)\s+(?:the web\s+|online\s+|up\s+)?(?:for\s+|about\s+)?/i,
    "",
  );
  return subject.replace(/[?.!\s]+$/, "").slice(0, 400);
}

function invent(name: string, { random, clues }: Making): string {
  const pool = inventions.find(([words]) => words.test(name))?.[1];
  if (pool !== undefined) return random.pick(pool);
  if (/id$|key|code|token/i.test(name)) return random.token(8);
  if (/description|summary|text|content|body|reason|explanation|comment|note|answer|story|message/i.test(name)) {
    return sentence(clues === undefined || clues.topic === "this" ? "the matter" : clues.topic, random);
  }
  const label = name.replaceAll("_", " ").trim();
  return label === "" ? random.token(6) : `${label} ${random.token(3)}`;
}

function fitted(text: string, least: number, most: number): string {
  const characters = [...text];
  while (characters.length < least) characters.push(...(characters.length === 0 ? ["a"] : [" ", ...text]));
  return characters
    .slice(0, Math.min(Math.max(least, characters.length), most))
    .join("")
    .slice(0, MOST_CHARACTERS * 2);
}

function expressionOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}
