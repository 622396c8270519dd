import type { Command } from "commander";
import { didYouMean } from "../../configuration/did-you-mean.ts";
import { settingsFlags } from "./settings-flags.ts";
import { usageError } from "./usage-error.ts";

/** What a command line asks for before its flags are read: a command, by its words, and everything else in its order. */
export type ReadWords = { command: Command; words: string[]; rest: string[]; wantsHelp: boolean };

/**
 * Finds the command in a line, wherever it stands among the flags. It is `serve` where there is none. Flags that lack their
 * values are refused here, because the parser would take the next flag for the value. Asking for help wins over mistakes.
 */
export function readWords(program: Command, argv: readonly string[]): ReadWords {
  const end = argv.indexOf("--");
  const flagged = end === -1 ? argv : argv.slice(0, end);
  const wantsHelp = flagged.includes("--help") || flagged.includes("-h");
  const known = new Map([...flagsOf(program), ...settingsFlags.map((flag) => [flag, true] as const)]);
  // That the flag is unknown is to be told, and not what may be its value.
  const isOfUnknownFlag = (before = "") => isFlag(before) && !known.has(before);
  let command = program;
  const words: string[] = [];
  const rest: string[] = [];
  for (let place = 0; place < flagged.length; place += 1) {
    const word = flagged[place] ?? "";
    const next = command.commands.find((one) => one.name() === word);
    if (isFlag(word)) {
      rest.push(word);
      if (known.get(word) !== true) continue;
      const value = flagged[place + 1];
      if (value === undefined || value.startsWith("--")) {
        if (wantsHelp) continue;
        throw usageError(`${word} needs a value`);
      }
      rest.push(value);
      place += 1;
    } else if (next !== undefined) {
      command = next;
      words.push(word);
    } else if (command.commands.length === 0 || wantsHelp || isOfUnknownFlag(flagged[place - 1])) {
      rest.push(word);
    } else {
      const names = command.commands.map((one) => one.name());
      throw usageError(`unknown command "${[...words, word].join(" ")}"${didYouMean(word, names)}`);
    }
  }
  if (end !== -1) rest.push(...argv.slice(end));
  return { command, words, rest, wantsHelp };
}

function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

/** The flags that commands have of their own, and whether they take a value. */
function flagsOf(program: Command): Map<string, boolean> {
  const flags = new Map(program.commands.flatMap((command) => [...flagsOf(command)]));
  for (const { long, short, required, optional } of program.options) {
    // What may have a value is told by the parser, with all that comes behind it.
    if (optional) continue;
    for (const flag of [long, short]) if (flag != null) flags.set(flag, required);
  }
  return flags;
}
