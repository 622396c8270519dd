import type { Passage } from "./passage.ts";

/** What a `system_instruction` asks for, as far as the simulator understands it. */
export type Persona = {
  name?: string;
  letters?: "upper" | "lower";
  opening?: string;
  ending?: string;
  /** The whole of every answer. */
  fixed?: string;
  mostWords?: number;
};

const NOTED_LENGTH = 120;
const VERB = "(?:answer|reply|response|message|sentence|output)s?";

/** Reads an instruction; what none of the rules understands becomes an opening that says so. */
export function readPersona(instruction: string | undefined): Persona {
  if (instruction === undefined || instruction.trim() === "") return {};
  const persona: Persona = {};
  if (/\b(?:upper[\s-]?case|all caps|capital letters)\b/i.test(instruction)) persona.letters = "upper";
  else if (/\blower[\s-]?case\b/i.test(instruction)) persona.letters = "lower";

  const ending = after(instruction, `\\bend\\s+(?:${determined(VERB)}\\s+)?(?:with|by(?: saying)?)`);
  if (ending !== undefined) persona.ending = ending;
  const opening = after(
    instruction,
    `\\b(?:start|begin|prefix)\\s+(?:${determined(VERB)}\\s+)?(?:with|by(?: saying)?)`,
  );
  if (opening !== undefined) persona.opening = opening;
  const fixed = after(
    instruction,
    "\\b(?:(?:always|only|just)\\s+(?:answer|reply|respond|say)|(?:answer|reply|respond|say)\\s+(?:only|exactly|just))(?:\\s+(?:only|exactly|just))?(?:\\s+with)?(?:\\s+(?:exactly|only|the (?:word|text|phrase)))*\\s*:?(?=\\s*[\"“'‘])",
  );
  if (fixed !== undefined) persona.fixed = fixed;
  const words = /\b(?:at most|no more than|under|in|maximum(?: of)?|exactly)\s+(\d+|one)\s+words?\b/i.exec(
    instruction,
  )?.[1];
  if (words !== undefined) persona.mostWords = words === "one" ? 1 : Number(words);

  const name =
    /\b[Yy]our name is\s+(\p{L}[\p{L}\d'’-]*)/u.exec(instruction)?.[1] ??
    /\b[Yy]ou(?: are|'re|’re) (?:called |named )?(\p{Lu}[\p{L}\d'’-]*)/u.exec(instruction)?.[1] ??
    /\b(?:named|called)\s+["“]?(\p{Lu}[\p{L}\d'’-]*)/u.exec(instruction)?.[1];
  if (name !== undefined) persona.name = name;
  if (persona.opening !== undefined) return persona;
  if (/\bpirate\b/i.test(instruction)) return { ...persona, opening: "Arr!", ending: persona.ending ?? "Aye, matey!" };
  const role =
    /\byou(?: are|'re|’re) (an? [^.,;\n]{2,60})/i.exec(instruction)?.[1] ??
    /\b(?:answer|act|speak|talk|reply|respond|write)\s+(?:as|like)\s+(?:if you were\s+)?(an? [^.,;\n]{2,60})/i.exec(
      instruction,
    )?.[1];
  if (name !== undefined) return { ...persona, opening: `${name} here.` };
  if (role !== undefined) return { ...persona, opening: `As ${role.trim()}:` };
  return Object.keys(persona).length > 0 ? persona : { opening: noted(instruction) };
}

/** The answer as the persona says it; an exact answer gets no opening that the instruction did not ask for literally. */
export function speakAs(persona: Persona, passages: readonly Passage[], exact: boolean): Passage[] {
  if (persona.fixed !== undefined) return [{ text: persona.fixed }];
  let spoken: Passage[] = persona.mostWords === undefined ? [...passages] : firstWords(passages, persona.mostWords);
  if (!exact && persona.opening !== undefined) spoken.unshift({ text: `${persona.opening} ` });
  if (persona.letters === "upper") spoken = spoken.map((each) => ({ ...each, text: each.text.toUpperCase() }));
  if (persona.letters === "lower") spoken = spoken.map((each) => ({ ...each, text: each.text.toLowerCase() }));
  if (persona.ending !== undefined) spoken.push({ text: ` ${persona.ending}` });
  return spoken;
}

function firstWords(passages: readonly Passage[], most: number): Passage[] {
  const kept: Passage[] = [];
  let left = most;
  for (const passage of passages) {
    if (left <= 0) break;
    const words = passage.text.match(/\s*\S+/g) ?? [];
    kept.push({ ...passage, text: words.slice(0, left).join("") });
    left -= words.length;
  }
  return kept;
}

/** What follows a phrase: quoted text, or the rest of the clause. */
function after(instruction: string, phrase: string): string | undefined {
  const rest = new RegExp(`${phrase}\\s*:?\\s*(?:the (?:word|words|phrase|text)\\s+)?(.+)`, "i").exec(instruction)?.[1];
  if (rest === undefined) return undefined;
  const quoted = /^["“'‘`]([^"”'’`]+)["”'’`]/.exec(rest)?.[1];
  return quoted ?? rest.split(/(?<=[\w!?])\.(?:\s|$)|,\s|\n/)[0]?.trim();
}

function determined(noun: string): string {
  return `(?:(?:every|each|all|your|any)\\s+)*(?:of your\\s+)?${noun}`;
}

function noted(instruction: string): string {
  const short = instruction.replace(/\s+/g, " ").trim();
  const quoted = short.length > NOTED_LENGTH ? `${short.slice(0, NOTED_LENGTH)}…` : short;
  return `The simulator has read the instruction “${quoted}” but cannot follow it.`;
}
