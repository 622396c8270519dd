import { HubError } from "../../../schema/core/error.ts";

/** A regular expression, read. */
export type PatternNode =
  /** One character; `source` is the piece of the expression that says which ones. */
  | { type: "character"; source: string }
  | { type: "edge"; edge: "start" | "end" | "word" | "no_word" }
  | { type: "look"; negative: boolean; body: PatternNode }
  | { type: "sequence"; parts: PatternNode[] }
  | { type: "choice"; branches: PatternNode[] }
  /** Without `most` there is no upper bound. */
  | { type: "repeat"; body: PatternNode; least: number; most?: number };

const LONGEST = 2_000;
const ESCAPE =
  /^\\(?:u\{[^}]*\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u.{4}|x.{2}|c.|[pP]\{[^}]*\}|.)/su;

/**
 * Reads a regular expression of a JSON schema (ECMA-262 with the flag `u`). What cannot be matched in bounded time, or not by
 * characters alone, is a `HubError`: back references, look-behinds, modifiers, and expressions that are too long.
 */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > LONGEST) throw unusable(pattern, `it has more than ${LONGEST} characters`);
  assertValid(pattern);
  let rest = pattern;

  function take(length: number): string {
    const taken = rest.slice(0, length);
    rest = rest.slice(length);
    return taken;
  }

  function alternatives(): PatternNode {
    const branches = [sequence()];
    while (rest.startsWith("|")) {
      take(1);
      branches.push(sequence());
    }
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { type: "choice", branches };
  }

  function sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (rest !== "" && !/^[|)]/.test(rest)) parts.push(quantified());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { type: "sequence", parts };
  }

  function quantified(): PatternNode {
    const body = atom();
    const [quantifier, sign, least, comma, most] = /^(?:([*+?])|\{(\d+)(,)?(\d+)?\})\??/.exec(rest) ?? [];
    if (quantifier === undefined) return body;
    take(quantifier.length);
    if (sign === "?") return { type: "repeat", body, least: 0, most: 1 };
    if (sign !== undefined) return { type: "repeat", body, least: sign === "+" ? 1 : 0 };
    const open = comma !== undefined && most === undefined;
    return { type: "repeat", body, least: Number(least), ...(open ? {} : { most: Number(most ?? least) }) };
  }

  function atom(): PatternNode {
    switch (rest.charAt(0)) {
      case "^":
        take(1);
        return { type: "edge", edge: "start" };
      case "$":
        take(1);
        return { type: "edge", edge: "end" };
      case "(":
        return group();
      case "[":
        return { type: "character", source: take(/^\[(?:[^\]\\]|\\.)*\]/su.exec(rest)?.[0].length ?? 1) };
      case "\\":
        return escaped();
      case ".":
        return { type: "character", source: take(1) };
      default:
        return { type: "character", source: take(/^./su.exec(rest)?.[0].length ?? 1) };
    }
  }

  function group(): PatternNode {
    const head = /^\((?:\?(?::|=|!|<=|<!|<[^>]+>|[a-z-]+:))?/u.exec(rest)?.[0] ?? "(";
    if (/^\(\?<[=!]/.test(head)) throw unusable(pattern, "it looks behind itself");
    if (/^\(\?[a-z-]+:/.test(head)) throw unusable(pattern, "it changes its own flags");
    take(head.length);
    const body = alternatives();
    take(1);
    return head === "(?=" || head === "(?!" ? { type: "look", negative: head === "(?!", body } : body;
  }

  function escaped(): PatternNode {
    const source = take(ESCAPE.exec(rest)?.[0].length ?? 2);
    if (source === "\\b" || source === "\\B") return { type: "edge", edge: source === "\\b" ? "word" : "no_word" };
    if (/^\\[1-9k]/.test(source)) throw unusable(pattern, "it refers back to what it matched");
    return { type: "character", source };
  }

  return alternatives();
}

/** The error for a regular expression that the simulator does not work with. */
export function unusable(pattern: string, reason: string, cause?: unknown): HubError {
  const short = pattern.length > 100 ? `${pattern.slice(0, 100)}…` : pattern;
  return new HubError(
    "invalid_request",
    `The simulator cannot work with the regular expression '${short}': ${reason}.`,
    cause === undefined ? {} : { cause },
  );
}

function assertValid(pattern: string): void {
  try {
    new RegExp(pattern, "u");
  } catch (cause) {
    throw unusable(pattern, "it is none", cause);
  }
}
