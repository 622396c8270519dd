import { characterTest } from "./character-set.ts";
import { type PatternNode, parsePattern, unusable } from "./pattern-syntax.ts";

/** A regular expression that is matched in a time which its length and the text's bound, whatever it says. */
export type PatternMatcher = {
  node: PatternNode;
  /** Whether the expression matches somewhere in a text; a `HubError` where both together are too long to find out. */
  test(text: string): boolean;
  /** About how many steps a text of so many characters takes. */
  stepsFor(length: number): number;
};

type Edge = Extract<PatternNode, { type: "edge" }>["edge"];
type Instruction =
  | { do: "character"; fits(character: string): boolean }
  | { do: "edge"; edge: Edge }
  | { do: "look"; negative: boolean; program: Program }
  | { do: "fork"; to: number[] }
  | { do: "match" };
type Program = Instruction[];
type Emitting = { pattern: string; instructionsLeft: number };

/** Numbered repetitions are written out, so that few characters can say a long program. */
const MOST_INSTRUCTIONS = 20_000;
/** What one match may take: places in the program times places in the text, look-aheads included. */
export const MOST_STEPS = 1_000_000;
const MOST_KEPT = 100;
const WORD = /^\w$/;

const kept = new Map<string, PatternMatcher>();

/**
 * The matcher of a regular expression. JavaScript's own engine tries every way to match, of which `^(a+)+$` has more than
 * anybody waits for; this one is never at the same place of the expression and of the text twice.
 */
export function matcherOf(pattern: string): PatternMatcher {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const made = createMatcher(pattern);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(pattern, made);
  return made;
}

function createMatcher(pattern: string): PatternMatcher {
  const node = parsePattern(pattern);
  const program = programOf(node, { pattern, instructionsLeft: MOST_INSTRUCTIONS });
  return {
    node,
    stepsFor: (length) => program.length * (length + 1),
    test(text) {
      const characters = [...text];
      const steps = { left: MOST_STEPS };
      const found = reaches(program, characters, [...characters.keys(), characters.length], steps);
      if (steps.left < 0) throw unusable(pattern, "it takes too long to match");
      return found;
    },
  };
}

function programOf(node: PatternNode, emitting: Emitting): Program {
  const program: Program = [];
  emit(node, program, emitting);
  program.push({ do: "match" });
  return program;
}

function add(instruction: Instruction, program: Program, emitting: Emitting): void {
  emitting.instructionsLeft -= 1;
  if (emitting.instructionsLeft < 0) throw unusable(emitting.pattern, "its repetitions are too many");
  program.push(instruction);
}

function emit(node: PatternNode, program: Program, emitting: Emitting): void {
  switch (node.type) {
    case "character":
      add({ do: "character", fits: characterTest(node.source) }, program, emitting);
      return;
    case "edge":
      add({ do: "edge", edge: node.edge }, program, emitting);
      return;
    case "look":
      add({ do: "look", negative: node.negative, program: programOf(node.body, emitting) }, program, emitting);
      return;
    case "sequence":
      for (const part of node.parts) emit(part, program, emitting);
      return;
    case "choice":
      emitChoice(node.branches, program, emitting);
      return;
    case "repeat":
      emitRepeat(node, program, emitting);
      return;
    default:
      node satisfies never;
  }
}

function emitChoice(branches: readonly PatternNode[], program: Program, emitting: Emitting): void {
  const entries: number[] = [];
  const exits: number[][] = [];
  add({ do: "fork", to: entries }, program, emitting);
  for (const branch of branches) {
    entries.push(program.length);
    emit(branch, program, emitting);
    const exit: number[] = [];
    exits.push(exit);
    add({ do: "fork", to: exit }, program, emitting);
  }
  for (const exit of exits) exit.push(program.length);
}

function emitRepeat(
  { body, least, most }: Extract<PatternNode, { type: "repeat" }>,
  program: Program,
  emitting: Emitting,
): void {
  for (let count = 0; count < least; count += 1) {
    const before = program.length;
    emit(body, program, emitting);
    // Nothing stays nothing, however often it is repeated.
    if (program.length === before) return;
  }
  const exits: number[][] = [];
  const start = program.length;
  for (let count = least; count < (most ?? least + 1); count += 1) {
    const ways = [program.length + 1];
    exits.push(ways);
    add({ do: "fork", to: ways }, program, emitting);
    emit(body, program, emitting);
  }
  if (most === undefined) add({ do: "fork", to: [start] }, program, emitting);
  for (const ways of exits) ways.push(program.length);
}

/** Whether the program comes to its end from one of some places in the text. */
function reaches(
  program: Program,
  characters: readonly string[],
  starts: readonly number[],
  steps: { left: number },
): boolean {
  const width = characters.length + 1;
  steps.left -= program.length * width;
  if (steps.left < 0) return false;
  const visited = new Uint8Array(program.length * width);
  const open: number[] = [];
  const enter = (at: number, place: number): void => {
    const state = at * width + place;
    if (visited[state] === 1) return;
    visited[state] = 1;
    open.push(state);
  };
  for (const place of starts) enter(0, place);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const place = state % width;
    const at = (state - place) / width;
    const instruction = program[at];
    switch (instruction?.do) {
      case undefined:
        break;
      case "match":
        return true;
      case "character": {
        const character = characters[place];
        if (character !== undefined && instruction.fits(character)) enter(at + 1, place + 1);
        break;
      }
      case "edge":
        if (isAtEdge(instruction.edge, characters, place)) enter(at + 1, place);
        break;
      case "look":
        if (reaches(instruction.program, characters, [place], steps) !== instruction.negative) enter(at + 1, place);
        break;
      case "fork":
        for (const way of instruction.to) enter(way, place);
        break;
      default:
        instruction satisfies never;
    }
  }
  return false;
}

function isAtEdge(edge: Edge, characters: readonly string[], place: number): boolean {
  if (edge === "start") return place === 0;
  if (edge === "end") return place === characters.length;
  const between = WORD.test(characters[place - 1] ?? "") !== WORD.test(characters[place] ?? "");
  return between === (edge === "word");
}
