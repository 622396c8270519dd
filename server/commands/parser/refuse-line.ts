import type { Command, CommanderError } from "commander";
import { didYouMean } from "../../configuration/did-you-mean.ts";
import { usageError } from "./usage-error.ts";

/** What the parser found wrong, in the words of the hub. */
export function refuseLine({ code, message }: CommanderError, command: Command): never {
  const [, named = ""] = /'(.*?)'/.exec(message) ?? [];
  switch (code) {
    case "commander.unknownOption": {
      const flag = named.replace(/=.*/s, "");
      if (command.options.some(({ long }) => long === flag)) throw usageError(`${flag} takes no value`);
      const known = command.options.filter(({ hidden, required }) => !hidden || required);
      throw usageError(`unknown flag ${flag}${didYouMean(flag, [...known.map(({ long }) => long ?? ""), "--help"])}`);
    }
    case "commander.missingArgument":
      throw usageError(`${nameOf(command)} needs <${named}>`);
    default:
      throw usageError(message.replace(/^error: /, "").replace(/\.$/, ""));
  }
}

/** Refuses words that the command has no place for, and empty ones, which scripts leave where something is missing. */
export function refuseWords(command: Command): void {
  const { args, registeredArguments: places } = command;
  for (const option of command.options) {
    if (!option.required) continue;
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value === "" || (Array.isArray(value) && value.includes(""))) throw usageError(`${option.long} is empty`);
  }
  const empty = args.indexOf("");
  const place = places[Math.min(empty, places.length - 1)];
  if (empty !== -1 && place !== undefined) throw usageError(`${nameOf(command)}: <${place.name()}> is empty`);
  const unexpected = args[places.length];
  if (unexpected === undefined || places.at(-1)?.variadic === true) return;
  throw usageError(
    `unexpected argument "${unexpected}"; ${nameOf(command)} takes ${places.length === 0 ? "none" : places.length}`,
  );
}

/** The words by which a command is called, without the program's name. */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent == null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}
