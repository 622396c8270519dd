import type { Command } from "commander";
import { settingsHelp } from "../configuration/configuration-table.ts";
import { exitCodes } from "./exit-codes.ts";

/** Where the second column begins, and where lines end. */
const INDENT = 36;
const WIDTH = 120;

/** The text of `--help`: of the program, or of one command. */
export function helpOn(command: Command): string {
  return command.parent === null ? programHelp(command) : commandHelp(command);
}

function programHelp(root: Command): string {
  return [
    "interactions-hub: a local server for Google's Interactions API",
    "",
    "Usage: interactions-hub [command] [flags]",
    "",
    "Commands (interactions-hub help <command> tells more):",
    ...leavesOf(root).map((command) => line(callOf(command), command.description())),
    line("help [command]", "This text, or that of a command."),
    line("version", "The version."),
    "",
    "Flags of every command:",
    line("--json", "Print JSON: one document, or one a line."),
    line("-q, --quiet", "Say nothing but what was asked for, and failures."),
    line("-h, --help", "Help on the command."),
    line("-v, --version", "The version."),
    "",
    ...settingsHelp(),
    "",
    ...exitCodeHelp(),
    "",
  ].join("\n");
}

function commandHelp(command: Command): string {
  const isGroup = command.commands.length > 0;
  const flags = command.options.filter(({ hidden }) => !hidden);
  return [
    `Usage: interactions-hub ${callOf(command)}${isGroup ? " <command>" : ""} [flags]`,
    "",
    command.description(),
    ...(isGroup ? ["", "Commands:", ...leavesOf(command).map((one) => line(callOf(one), one.description()))] : []),
    ...(command.registeredArguments.length === 0 ? [] : ["", "Arguments:"]),
    ...command.registeredArguments.map((argument) => line(argument.name(), argument.description)),
    ...(flags.length === 0 ? [] : ["", "Flags:"]),
    ...flags.map(({ flags: written, description, argChoices }) =>
      line(written, argChoices === undefined ? description : `${description} [${argChoices.join("|")}]`),
    ),
    "",
    "The settings' flags (--data, --db, --config and others) hold for it too; interactions-hub --help lists them.",
    "",
    ...exitCodeHelp(),
    "",
  ].join("\n");
}

function exitCodeHelp(): string[] {
  return [
    "Exit codes:",
    ...Object.values(exitCodes).map(({ code, meaning }) => line(String(code), meaning.replaceAll("`", ""))),
  ];
}

/** The commands that do something: groups have others in them. */
export function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((one) => (one.commands.length > 0 ? leavesOf(one) : [one]));
}

/** How a command is called: its words and arguments. */
export function callOf(command: Command): string {
  const { parent } = command;
  const before = parent?.parent == null ? "" : `${parent.name()} `;
  const places = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "…" : ""}`;
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return `${before}${command.name()}${places.join("")}`;
}

function line(left: string, right: string): string {
  const words = right.split(" ");
  const lines: string[] = [];
  let current = "";
  for (const word of words) {
    if (current !== "" && INDENT + current.length + word.length >= WIDTH) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  lines.push(current);
  return `  ${left.padEnd(INDENT - 4)}  ${lines.join(`\n${" ".repeat(INDENT)}`)}`;
}
