import { charactersOf } from "./character-set.ts";
import type { PatternNode } from "./pattern-syntax.ts";
import type { Random } from "./random.ts";

/** Repetitions within repetitions multiply; after so many steps everything that is left is left out. */
const MOST_STEPS = 40_000;

/**
 * A text that a regular expression probably matches. Look-aheads are passed over, so the caller checks the text. `stretch`
 * adds repetitions where the expression leaves their number open.
 */
export function textMatching(pattern: PatternNode, random: Random, stretch: number): string {
  let stepsLeft = MOST_STEPS;

  function write(node: PatternNode): string {
    stepsLeft -= 1;
    if (stepsLeft < 0) return "";
    switch (node.type) {
      case "character": {
        const characters = charactersOf(node.source);
        return characters[random.integer(0, characters.length - 1)] ?? "";
      }
      case "edge":
      case "look":
        return "";
      case "sequence":
        return node.parts.map(write).join("");
      case "choice": {
        const branch = node.branches[random.integer(0, node.branches.length - 1)];
        return branch === undefined ? "" : write(branch);
      }
      case "repeat": {
        const most =
          node.most === undefined
            ? node.least + random.integer(0, 2) + stretch
            : Math.min(node.most, node.least + 4 + stretch);
        const count = node.most === undefined ? most : random.integer(node.least, most);
        let text = "";
        for (let repetition = 0; repetition < count && stepsLeft >= 0; repetition += 1) text += write(node.body);
        return text;
      }
      default:
        return node satisfies never;
    }
  }

  return write(pattern);
}
