import { type Conversation, heard, lastAnswer, saidBefore } from "./conversation.ts";
import { type Fact, factsIn, isQuestion, sentencesOf } from "./facts.ts";

const FILLER = new Set(
  "a an the my your i me you is are was were do does did what which who where when how of to in it that this please again ask asked tell told said say remember know earlier before still".split(
    " ",
  ),
);

/** The answer to a question about what was said earlier in the chain; `undefined` if this is no such question. */
export function recall(conversation: Conversation): string | undefined {
  const question = sentencesOf(conversation.latest).findLast(isQuestion) ?? repeatRequest(conversation.latest);
  if (question === undefined) return undefined;
  return aboutTalk(question, conversation) ?? aboutFacts(question, conversation);
}

/** Everything the user told so far, the newest value of each key. */
export function factsOf(conversation: Conversation): Fact[] {
  const facts = new Map<string, Fact>();
  for (const text of [...saidBefore(conversation), conversation.latest]) {
    for (const fact of factsIn(heard(text))) {
      facts.delete(fact.key);
      facts.set(fact.key, fact);
    }
  }
  return [...facts.values()];
}

/** A fact as the simulator says it back. */
export function statementOf(fact: Fact): string {
  if (fact.key.startsWith("I ")) return `you ${fact.key.slice(2).replace(/^am\b/, "are")} ${fact.value}`;
  return `${fact.of} ${fact.key} ${/[^s]s$/.test(fact.key) ? "are" : "is"} ${fact.value}`;
}

function repeatRequest(text: string): string | undefined {
  return /\b(?:repeat|recall|summari[sz]e)\b/i.test(text) && /\b(?:i|my|you|we|our|conversation)\b/i.test(text)
    ? text
    : undefined;
}

function aboutTalk(question: string, conversation: Conversation): string | undefined {
  if (
    /\b(?:what|repeat|recall).*\byou(?:r)?\b.*\b(?:say|said|answer|answered|reply|tell me)\b/i.test(question) &&
    !/\bdid i\b/i.test(question)
  ) {
    const answer = lastAnswer(conversation);
    return answer === undefined ? "I have not said anything yet." : `I said: “${answer}”`;
  }
  const aboutMine =
    /\b(?:what|repeat|recall)\b.*\bi\b.*\b(?:say|said|ask|asked|write|wrote|tell|told)\b(?!.*\bremember\b)/i.test(
      question,
    ) ||
    /\bmy\b.*\b(?:first|last|previous|earlier)\b.*\b(?:message|question|input|prompt)\b/i.test(question) ||
    /\bmy\s+(?:message|question|input|prompt)\b/i.test(question);
  if (aboutMine) {
    const said = saidBefore(conversation);
    const text = /\b(?:first|start|begin)/i.test(question) ? said[0] : said.at(-1);
    return text === undefined ? "You have not said anything before this." : `You said: “${text}”`;
  }
  if (/\bhow many\b.*\b(?:messages|questions|times|turns)\b/i.test(question)) {
    const count = saidBefore(conversation).length;
    return `Before this you sent me ${count} ${count === 1 ? "message" : "messages"}.`;
  }
  if (/\b(?:summari[sz]e|recap)\b.*\b(?:conversation|talk|chat|we|so far)\b|\bwhat (?:have|did) we\b/i.test(question)) {
    const said = saidBefore(conversation);
    if (said.length === 0) return "We have only just begun.";
    return `So far you said: ${said.map((text) => `“${text.length > 200 ? `${text.slice(0, 200)}…` : text}”`).join("; ")}`;
  }
  return undefined;
}

function aboutFacts(question: string, conversation: Conversation): string | undefined {
  if (
    /\bwhat do you (?:know|remember)\b(?!.*\bmy\b)|\bwhat (?:did i (?:ask|tell)|i (?:asked|told)) you to remember\b/i.test(
      question,
    )
  ) {
    const facts = factsOf(conversation);
    return facts.length === 0 ? "You have not told me anything yet." : sentence(facts.map(statementOf).join(", "));
  }
  if (/\bwho am i\b/i.test(question)) return best(["name"], conversation, question) ?? unknown("name");
  const where = /\bwhere (?:do|am) i (live|come from|from|work)\b/i.exec(question)?.[1];
  const words = wordsOf(where === undefined ? question : `i ${where}`);
  const personal = /\b(?:my|i|me|remember|told|earlier)\b/i.test(question);
  if (!personal && !/\b(?:the|that)\b/i.test(question)) return undefined;
  const known = best(words, conversation, question);
  if (known !== undefined) return known;
  const asked = /\b(?:what(?:'s|’s| is| was| are)|do you (?:know|remember))\s+my ([\p{L}\s-]{2,40})/iu.exec(
    question,
  )?.[1];
  return asked === undefined ? undefined : unknown(asked.trim().replace(/\s+(?:is|was|are|again|now)$/, ""));
}

/** The newest fact whose key has most words in common with the question; a fact's every word counts half as much. */
function best(words: readonly string[], conversation: Conversation, question: string): string | undefined {
  const asked = new Set(words.map(stem));
  let found: Fact | undefined;
  let highest = 0;
  for (const fact of factsOf(conversation)) {
    const key = wordsOf(fact.key).map(stem);
    const score = key.filter((word) => asked.has(word)).length / Math.max(1, key.length);
    if (score >= 0.5 && score >= highest) [found, highest] = [fact, score];
  }
  if (found === undefined || (found.of === "your" && !/\b(?:my|i|me)\b/i.test(question))) return undefined;
  return sentence(statementOf(found));
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\d]+/gu) ?? []).filter((word) => !FILLER.has(word));
}

function stem(word: string): string {
  return word.replace(/our(?=$|ite|s)/, "or").replace(/(?<=\w{3})(?:s|ed|ing)$/, "");
}

function unknown(key: string): string {
  return `You have not told me your ${key} yet.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
