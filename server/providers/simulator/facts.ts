/** Something the user told about: `{ key: "favourite colour", value: "teal", of: "your" }`. */
export type Fact = { key: string; value: string; of: "your" | "the" };

const SENTENCE = /[^.!?\n]+(?:[.](?=\d)[^.!?\n]+)*[.!?]*/g;
const QUESTION =
  /\?$|^(?:(?:so|and|but|ok|okay|now|please|hey|hi|hello)[,\s]+)*(?:what|which|who|whose|where|when|how|why|is|are|was|do|does|did|can|could|tell me|say)\b/i;

const REMEMBER = /\b(?:remember|note|memori[sz]e|keep in mind)\b[:,]?\s*(?:that\s+|down\s+)?(.+)$/i;

/** The sentences of a text, trimmed. */
export function sentencesOf(text: string): string[] {
  return (text.match(SENTENCE) ?? []).map((sentence) => sentence.trim()).filter((sentence) => sentence !== "");
}

/** Whether a sentence asks for something instead of stating it. */
export function isQuestion(sentence: string): boolean {
  return QUESTION.test(sentence);
}

/** What the user states about himself, or asks to remember, in a text. */
export function factsIn(text: string): Fact[] {
  if (!/\b(?:my|i|i'm|i’m|me|remember|note)\b/i.test(text)) return [];
  return sentencesOf(text).flatMap((sentence) => (isQuestion(sentence) ? [] : factsOfSentence(sentence)));
}

function factsOfSentence(sentence: string): Fact[] {
  const remembered = REMEMBER.exec(sentence)?.[1];
  if (remembered !== undefined) {
    return [...factsOfSentence(beginningBefore(sentence)), ...factsToRemember(remembered)];
  }
  const facts: Fact[] = [];
  const name =
    /\b[Mm]y name(?:'s|’s| is)\s+(\p{L}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)*)/u.exec(sentence) ??
    /\b(?:I am called|I'm called|[Cc]all me)\s+(\p{L}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)*)/u.exec(sentence) ??
    /\b(?:I am|I'm|I’m|[Tt]his is)\s+(\p{Lu}\p{Ll}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)*)(?=$|[.,!;]|\s+and\b)/u.exec(
      sentence,
    );
  if (name?.[1] !== undefined) facts.push({ key: "name", value: name[1], of: "your" });
  for (const [, key = "", value = ""] of sentence.matchAll(
    /\bmy ((?:\p{L}[\p{L}'’-]*\s){0,4}?\p{L}[\p{L}'’-]*) (?:is|are|was)\s+(.+?)(?=$|[.!;]+$|[;,]\s|\s+and\s+(?:my|i)\b)/giu,
  )) {
    if (key.toLowerCase() !== "name") facts.push({ key: key.toLowerCase(), value: trimmed(value), of: "your" });
  }
  const verb =
    /\bI (live in|come from|am from|work (?:as|at|for|in)|like|love|prefer|have|own)\s+(.+?)(?=$|[.!;]+$|,\s|\s+and\s+(?:my|i)\b)/i.exec(
      sentence,
    );
  if (verb?.[1] !== undefined && verb[2] !== undefined) {
    facts.push({ key: `I ${verb[1].toLowerCase()}`, value: trimmed(verb[2]), of: "your" });
  }
  return facts;
}

function beginningBefore(sentence: string): string {
  return sentence.slice(0, sentence.search(REMEMBER)).replace(/(?:[\s,;]|\b(?:and|please|also|so)\b)+$/i, "");
}

function factsToRemember(text: string): Fact[] {
  const stated =
    /^(my|the|our|a|this)?\s*((?:\p{L}[\p{L}'’-]*\s){0,4}?\p{L}[\p{L}'’-]*)\s*(?:is|are|=|:)\s+(.+)$/iu.exec(text);
  if (stated?.[2] !== undefined && stated[3] !== undefined) {
    return [
      {
        key: stated[2].toLowerCase(),
        value: trimmed(stated[3]),
        of: stated[1]?.toLowerCase() === "my" ? "your" : "the",
      },
    ];
  }
  const named =
    /^(?:the|this|my|a)\s+((?:\p{L}+\s){0,3}?\p{L}+)\s+(?:"([^"]+)"|(\d[\d.,-]*\d|\d|\p{Lu}[\p{L}\d-]*))/u.exec(text);
  const value = named?.[2] ?? named?.[3];
  if (named?.[1] !== undefined && value !== undefined) return [{ key: named[1].toLowerCase(), value, of: "the" }];
  const whole = trimmed(text.replace(/^(?:this|it)\s*:?\s*/i, ""));
  return whole === "" ? [] : [{ key: "note", value: whole, of: "the" }];
}

function trimmed(value: string): string {
  return value
    .trim()
    .replace(/[.!;,]+$/, "")
    .replace(/^["“](.+)["”]$/, "$1");
}
