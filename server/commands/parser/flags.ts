import { type Command, Option } from "commander";
import { usageError } from "./usage-error.ts";

/** A flag that may be given several times. */
export function listFlag(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}

/** A flag with a whole number from 1. */
export function countFlag(flags: string, description: string, most: number): Option {
  const option = new Option(flags, description);
  return option.argParser((value: string) => {
    const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
    if (count >= 1 && count <= most) return count;
    throw usageError(`${option.long}: expected a whole number from 1 to ${most}, not "${value}"`);
  });
}

/** A flag with one of a few words. */
export function choiceFlag(flags: string, description: string, words: readonly string[]): Option {
  const option = new Option(flags, description).choices(words);
  return option.argParser((value: string) => {
    if (words.includes(value)) return value;
    throw usageError(`${option.long}: expected ${words.join(" or ")}, not "${value}"`);
  });
}

/** The flags that every command has. */
export function addOutputFlags(command: Command): Command {
  return command
    .option("--json", "Print JSON: one document, or one a line.")
    .option("-q, --quiet", "Say nothing but what was asked for, and failures.");
}

/** Which interactions are meant. */
export function addFilterFlags(command: Command): Command {
  return command
    .addOption(listFlag("--model <name>", "Only those that asked for this model (repeatable)."))
    .addOption(listFlag("--status <status>", "Only those that stand there: completed, failed, … (repeatable)."))
    .addOption(listFlag("--label <key=value>", "Only those with this label, or with any value for a key (repeatable)."))
    .option("--since <time>", "Only those begun since: a time (2026-11-27T09:00Z), a day, or a span (2h, 7d).");
}
