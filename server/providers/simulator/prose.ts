import type { Random } from "./random.ts";

/** More words than any answer may have, so that a request for a billion costs no more than one for the limit. */
const MOST_WORDS = 60_000;

const openings = [
  "Consider TOPIC for a moment",
  "Nobody speaks of TOPIC without a certain ADJECTIVE smile",
  "At first TOPIC seems ADJECTIVE",
  "In the ADJECTIVE light of the NOUN, TOPIC takes on another shape",
  "Those who know TOPIC well keep a ADJECTIVE NOUN close at hand",
  "The NOUN was ADJECTIVE that day",
  "Somewhere between the NOUN and the NOUN there is a ADJECTIVE answer",
] as const;
const turns = [
  "and yet the NOUN remains ADJECTIVE",
  "while a ADJECTIVE NOUN waits by the NOUN",
  "because every NOUN hides a ADJECTIVE NOUN",
  "though few would call the NOUN ADJECTIVE",
  "so the NOUN turns slowly towards TOPIC",
  "as if the NOUN had always been ADJECTIVE",
] as const;
const nouns = [
  "river",
  "lantern",
  "engineer",
  "garden",
  "window",
  "letter",
  "machine",
  "harbour",
  "winter",
  "traveller",
  "library",
  "compass",
  "mountain",
  "question",
] as const;
const adjectives = [
  "quiet",
  "curious",
  "patient",
  "bright",
  "gentle",
  "narrow",
  "careful",
  "distant",
  "honest",
  "plain",
  "steady",
  "warm",
] as const;

/** A text that a request asks for by kind or length ("write 200 words about tea", "a long story", "5 sentences on rain"). */
export function proseFor(text: string, random: Random): string | undefined {
  const wanted =
    /\b(?:write|tell|compose|give|generate|draft|describe|explain|create|produce|make|stream|need|want)\b/i.test(text);
  if (!wanted) return undefined;
  const topic = topicOf(text);
  const words = /(\d[\d,]*)[\s-]*words?\b/i.exec(text)?.[1];
  if (words !== undefined) return proseOfWords(Number(words.replaceAll(",", "")), topic, random);
  const sentences = /(\d+|one|two|three|four|five|ten)[\s-]+sentences?\b/i.exec(text)?.[1];
  if (sentences !== undefined) return list(countOf(sentences), 3_000, () => sentence(topic, random)).join(" ");
  const paragraphs = /(\d+|one|two|three|four|five|ten)[\s-]+paragraphs?\b/i.exec(text)?.[1];
  if (paragraphs !== undefined) return list(countOf(paragraphs), 600, () => paragraph(topic, random)).join("\n\n");
  if (!/\b(?:story|essay|article|poem|haiku|text|paragraph|novel|speech|blog post|report|tale|letter)\b/i.test(text))
    return undefined;
  if (/\bhaiku\b/i.test(text)) return "An old silent hub\na request falls into it\nthe sound of one log";
  if (/\bpoem\b/i.test(text)) return list(8, 8, () => clause(turns, topic, random)).join(",\n");
  return proseOfWords(/\blong\b|\bnovel\b/i.test(text) ? 800 : /\bshort\b/i.test(text) ? 60 : 150, topic, random);
}

/** Prose of exactly so many words, within what is reasonable. */
function proseOfWords(count: number, topic: string, random: Random): string {
  const wanted = Math.min(Math.max(1, count), MOST_WORDS);
  const paragraphs: string[] = [];
  let left = wanted;
  while (left > 0) {
    const words: string[] = [];
    while (words.length < Math.min(left, 90)) words.push(...sentence(topic, random).split(" "));
    const kept = words.slice(0, Math.min(left, words.length));
    paragraphs.push(kept.join(" ").replace(/[,.]?$/, "."));
    left -= kept.length;
  }
  return paragraphs.join("\n\n");
}

/** One sentence about a topic. */
export function sentence(topic: string, random: Random): string {
  return `${clause(openings, topic, random)}, ${clause(turns, topic, random)}.`;
}

/** What a request is about. */
export function topicOf(text: string): string {
  const about = /\b(?:about|on|of|regarding|describing)\s+(?:the\s+topic\s+of\s+)?([^.,;:?!\n]{2,80})/i.exec(text)?.[1];
  return about === undefined ? "this" : about.trim().replace(/\s+in\s+\d+\s+words$/i, "");
}

function paragraph(topic: string, random: Random): string {
  return list(4, 4, () => sentence(topic, random)).join(" ");
}

function clause(templates: readonly [string, ...string[]], topic: string, random: Random): string {
  const filled = random.pick(templates).replace(/TOPIC|NOUN|ADJECTIVE/g, (slot) => {
    if (slot === "TOPIC") return topic;
    return slot === "NOUN" ? random.pick(nouns) : random.pick(adjectives);
  });
  return filled;
}

function countOf(word: string): number {
  const spelled = { one: 1, two: 2, three: 3, four: 4, five: 5, ten: 10 }[word.toLowerCase()];
  return spelled ?? Number(word);
}

function list(count: number, most: number, make: () => string): string[] {
  return Array.from({ length: Math.min(Math.max(1, count), most) }, make);
}
