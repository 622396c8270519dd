import { sumIn } from "./arithmetic.ts";
import { type Conversation, heard } from "./conversation.ts";
import { factsIn } from "./facts.ts";
import { describeMedia } from "./media-note.ts";
import type { Persona } from "./persona.ts";
import { proseFor } from "./prose.ts";
import type { Random } from "./random.ts";
import { recall, statementOf } from "./recall.ts";

/** An answer in words; an exact one is what the user dictated, to which nothing may be added. */
export type Reply = { text: string; exact: boolean };

const ECHO_LENGTH = 400;
const MOST_COUNTED = 10_000;

const EXACTLY =
  /^(?:[\s\S]{0,400}[.!?\n]\s*)?(?:please\s+)?(?:(?:say|print|output|write|return)\s+(?:exactly|only|just|verbatim)\b|(?:reply|respond|answer)\s+(?:only\s+|exactly\s+|just\s+)*with\b|repeat after me\b|echo\b(?=\s*:|\s+["“'])|say\b(?=\s*:|\s+["“'])|repeat\b(?=\s*:|\s+["“']))(?:\s+(?:exactly|only|just|the (?:single )?(?:word|words|text|phrase|sentence)|this|the following))*\s*:?\s*([\s\S]+)$/i;

/** The answer to what the user said last, in plain words. */
export function replyTo(conversation: Conversation, persona: Persona, random: Random): Reply {
  const exact = dictated(conversation.latest);
  if (exact !== undefined) return { text: exact, exact: true };
  const short = { ...conversation, latest: heard(conversation.latest) };
  const parts = [
    conversation.media.length > 0 ? `I received ${conversation.media.map(describeMedia).join(" and ")}.` : undefined,
    noteOfFacts(short.latest),
    answer(short, persona, random),
  ].filter((part) => part !== undefined);
  return { text: parts.length > 0 ? parts.join(" ") : fallback(conversation.latest, random), exact: false };
}

/** What the user wants to hear word for word. */
function dictated(text: string): string | undefined {
  const said = EXACTLY.exec(text)?.[1]?.trim();
  if (said === undefined || said === "") return undefined;
  const quoted = /^["“'‘`]([\s\S]+?)["”'’`][.!]?$/.exec(said)?.[1];
  if (quoted !== undefined) return quoted;
  const marked = /(?:exactly|verbatim|repeat after me|:|\bwords?|\btext|\bphrase|\bsentence)\s*$/i.test(
    text.slice(0, text.length - said.length).trimEnd(),
  );
  return !marked && ASKS_FOR_KIND.test(said) ? undefined : said;
}

/** "Respond with a poem" asks for a poem; it does not dictate one. */
const ASKS_FOR_KIND =
  /^(?:an?|one|two|three|your|some|all|the|every|each|only|json|html|markdown|valid|at (?:most|least)|\d+)\b/i;

function noteOfFacts(text: string): string | undefined {
  const [first, ...rest] = factsIn(text);
  if (first === undefined) return undefined;
  if (first.key === "name" && first.of === "your" && rest.length === 0) return `Nice to meet you, ${first.value}.`;
  return `I will remember that ${[first, ...rest].map(statementOf).join(", and that ")}.`;
}

function answer(conversation: Conversation, persona: Persona, random: Random): string | undefined {
  const text = conversation.latest.trim();
  if (/^ping[.!?]*$/i.test(text)) return "pong";
  if (/\b(?:your name|who are you|what are you called)\b/i.test(text))
    return `I am ${persona.name ?? "the simulator"}.`;
  const counted = countingFor(text);
  if (counted !== undefined) return counted;
  const sum = sumIn(text);
  if (sum !== undefined) return `${sum.expression} = ${sum.result}`;
  return proseFor(text, random) ?? recall(conversation) ?? listFor(text, random) ?? greeting(text, random);
}

function countingFor(text: string): string | undefined {
  const match = /\bcount\s+(?:(?:up|down)\s+)?(?:from\s+(\d+)\s+)?(?:up\s+|down\s+)?to\s+(\d+)/i.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1] ?? 1);
  const to = Number(match[2]);
  const length = Math.min(Math.abs(to - from) + 1, MOST_COUNTED);
  return Array.from({ length }, (_, index) => (from <= to ? from + index : from - index)).join(", ");
}

function listFor(text: string, random: Random): string | undefined {
  const match = /\b(?:list|name|give me|suggest)\s+(\d{1,3})\s+([\p{L} -]{2,40})/iu.exec(text);
  if (match === null) return undefined;
  const [, count, kind = "things"] = match;
  const items = Array.from(
    { length: Number(count) },
    (_, index) => `${index + 1}. ${kind.trim()} no. ${random.integer(100, 999)}`,
  );
  return items.join("\n");
}

function greeting(text: string, random: Random): string | undefined {
  const word = /^(?:please\s+)?say\s+(\p{L}+(?:\s\p{L}+)?)(?:\s+(?:in|to|and|back)\b.*)?[.!]?$/iu.exec(text)?.[1];
  if (word !== undefined) return `${word.charAt(0).toUpperCase()}${word.slice(1)}!`;
  if (/^(?:\w+,?\s+)?how are you\b/i.test(text)) return "I am doing well, thank you for asking. How are you?";
  if (!/^(?:hi|hello|hey|good (?:morning|day|afternoon|evening)|greetings)\b[^?]{0,30}[.!?]*$/i.test(text))
    return undefined;
  return random.pick([
    "Hello! What shall we talk about?",
    "Hello there. How can I help?",
    "Hi! What can I do for you?",
  ]);
}

function fallback(text: string, random: Random): string {
  const said = text.trim();
  if (said === "") return "I have nothing to answer to yet.";
  const echoed = said.length > ECHO_LENGTH ? `${said.slice(0, ECHO_LENGTH)}…` : said;
  return random.pick([
    `You said: “${echoed}” I am the simulator, so I can only play an answer to that.`,
    `“${echoed}” is an interesting thing to say to a simulator.`,
    `A real model would now think hard about “${echoed}”; the simulator just says it back.`,
  ]);
}
