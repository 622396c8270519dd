import type { Random } from "./random.ts";

/**
 * A text that a regular expression probably matches, by walking it once: literals, classes, escapes, groups, alternatives
 * and quantifiers. Look-arounds and back references are passed over, so the caller checks the text. `stretch` adds
 * repetitions where the expression leaves their number open.
 */
export function textMatching(pattern: string, random: Random, stretch: number): string {
  const characters = [...pattern];
  let place = 0;

  function alternatives(): string {
    const branches: string[] = [sequence()];
    while (characters[place] === "|") {
      place += 1;
      branches.push(sequence());
    }
    return branches[random.integer(0, branches.length - 1)] ?? "";
  }

  function sequence(): string {
    let text = "";
    while (place < characters.length && characters[place] !== "|" && characters[place] !== ")") text += quantified();
    return text;
  }

  /** An atom is read again for each repetition, so that its repetitions differ. */
  function quantified(): string {
    const start = place;
    const first = atom();
    const [least, most] = quantifier();
    const end = place;
    const wanted =
      most === undefined
        ? least + random.integer(0, 2) + stretch
        : random.integer(least, Math.min(most, least + 4 + stretch));
    const count = Math.min(wanted, 2_000);
    if (count === 0) return "";
    let text = first;
    for (let repetition = 1; repetition < count; repetition += 1) {
      place = start;
      text += atom();
    }
    place = end;
    return text;
  }

  function quantifier(): [least: number, most: number | undefined] {
    const bounds = quantifierBounds();
    if (bounds === undefined) return [1, 1];
    if (characters[place] === "?") place += 1;
    return bounds;
  }

  function quantifierBounds(): [number, number | undefined] | undefined {
    const character = characters[place];
    if (character === "*" || character === "+" || character === "?") {
      place += 1;
      return character === "?" ? [0, 1] : [character === "+" ? 1 : 0, undefined];
    }
    const match = character === "{" ? /^\{(\d+)(,)?(\d+)?\}/.exec(characters.slice(place, place + 24).join("")) : null;
    if (match === null) return undefined;
    place += match[0].length;
    const least = Number(match[1]);
    return [least, match[3] !== undefined ? Number(match[3]) : match[2] === undefined ? least : undefined];
  }

  function atom(): string {
    const character = characters[place++];
    switch (character) {
      case undefined:
      case "^":
      case "$":
        return "";
      case ".":
        return oneOf(WORD);
      case "[":
        return characterClass();
      case "\\":
        return escaped();
      case "(":
        return group();
      default:
        return character;
    }
  }

  function group(): string {
    const head = /^\?(?::|<?[=!]|<[^>]+>)/.exec(characters.slice(place, place + 64).join(""))?.[0] ?? "";
    place += head.length;
    const text = alternatives();
    place += 1;
    return /^\?<?[=!]/.test(head) ? "" : text;
  }

  function escaped(): string {
    const character = characters[place++] ?? "";
    if (character === "b" || character === "B") return "";
    if (character === "u" || character === "x") return hexadecimalEscape(character);
    if (character === "p" || character === "P") {
      while (place < characters.length && characters[place++] !== "}");
      return oneOf("a");
    }
    const set = classOf(character);
    return set === undefined ? (CONTROL[character] ?? character) : oneOf(set);
  }

  function hexadecimalEscape(kind: "u" | "x"): string {
    const length = kind === "u" ? 4 : 2;
    const code = Number.parseInt(characters.slice(place, place + length).join(""), 16);
    place += length;
    return Number.isNaN(code) ? "" : String.fromCharCode(code);
  }

  function characterClass(): string {
    const negated = characters[place] === "^";
    if (negated) place += 1;
    let set = "";
    let previous: string | undefined;
    for (let first = true; place < characters.length && (first || characters[place] !== "]"); first = false) {
      const character = characters[place++] ?? "";
      if (first && character === "]") break;
      if (character === "-" && previous !== undefined && characters[place] !== "]" && place < characters.length) {
        if (characters[place] === "\\") place += 1;
        const last = characters[place++];
        set += between(previous, last ?? previous);
        previous = undefined;
        continue;
      }
      if (character !== "\\") {
        set += character;
        previous = character;
        continue;
      }
      const next = characters[place++] ?? "";
      const known = classOf(next);
      const single = next === "u" || next === "x" ? hexadecimalEscape(next) : (CONTROL[next] ?? next);
      set += known ?? single;
      previous = known === undefined ? single : undefined;
    }
    if (characters[place] === "]") place += 1;
    return oneOf(negated ? [...WORD, ..." -_.,:;/#"].filter((each) => !set.includes(each)).join("") : set);
  }

  function oneOf(set: string): string {
    const list = [...set];
    return list.length === 0 ? "" : (list[random.integer(0, list.length - 1)] ?? "");
  }

  return alternatives();
}

const DIGITS = "0123456789";
const WORD = `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ${DIGITS}`;
const CONTROL: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", 0: "\0" };

function classOf(letter: string): string | undefined {
  switch (letter) {
    case "d":
      return DIGITS;
    case "w":
      return WORD;
    case "s":
      return " ";
    case "D":
      return "abcdefgh";
    case "W":
      return "-.:/";
    case "S":
      return WORD;
    default:
      return undefined;
  }
}

function between(first: string, last: string): string {
  const from = first.codePointAt(0) ?? 0;
  const to = Math.min(last.codePointAt(0) ?? from, from + 255);
  return String.fromCodePoint(...Array.from({ length: Math.max(1, to - from + 1) }, (_, index) => from + index));
}
