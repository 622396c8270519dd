import { parseArgs } from "node:util";
import { ConfigurationError } from "./configuration-error.ts";
import { didYouMean } from "./did-you-mean.ts";
import { settings } from "./schema.ts";

/** What the hub can be asked to do; `serve` when nothing is said. */
export type Command = "serve" | "config" | "help" | "version";

/** A command line, understood but with its values unread: they are keyed by the settings' keys. */
export type CommandLine = { command: Command; config: string | undefined; values: Map<string, string> };

const commands = ["serve", "config", "help", "version"] as const satisfies readonly Command[];
const keysByFlag = new Map(settings.flatMap(({ flag, key }) => (flag === undefined ? [] : [[flag, key] as const])));
const secretsByFlag = new Map(
  settings.filter(({ secret }) => secret).map((setting) => [`--${setting.key.replaceAll("_", "-")}`, setting]),
);
const flags = [...keysByFlag.keys(), "--config", "--help", "--version"];

const options = {
  ...Object.fromEntries([...keysByFlag.keys()].map((flag) => [flag.slice(2), { type: "string" as const }])),
  config: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** Reads the arguments after the program's name. `--help` and `--version` win over every mistake beside them. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true });
  const line: CommandLine = { command: "serve", config: undefined, values: new Map() };
  const wants = (name: string): boolean => tokens.some((token) => token.kind === "option" && token.name === name);
  if (wants("help")) return { ...line, command: "help" };
  if (wants("version")) return { ...line, command: "version" };

  let commandGiven = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      if (commandGiven) throw usage(`unexpected argument "${token.value}"; a command was already given`);
      line.command = readCommand(token.value);
      commandGiven = true;
      continue;
    }
    const { flag, value } = readFlag(token.rawName, token.value, token.inlineValue);
    const key = keysByFlag.get(flag);
    if (key === undefined) line.config = value;
    else line.values.set(key, value);
  }
  return line;
}

function readCommand(word: string): Command {
  const command = commands.find((known) => known === word);
  if (command !== undefined) return command;
  throw usage(`unknown command "${word}"${didYouMean(word, commands)}`);
}

function readFlag(flag: string, value: string | undefined, inline: boolean | undefined) {
  const secret = secretsByFlag.get(flag);
  if (secret !== undefined) {
    throw usage(
      `${flag}: keys are not taken from the command line, which every user of the machine can read; ` +
        `set ${secret.variable} or ${secret.key} in the file`,
    );
  }
  if (!flags.includes(flag)) throw usage(`unknown flag ${flag}${didYouMean(flag, flags)}`);
  if (value === undefined || (inline !== true && value.startsWith("--"))) throw usage(`${flag} needs a value`);
  return { flag, value };
}

function usage(message: string): ConfigurationError {
  return new ConfigurationError(`${message} (see --help)`, { usage: true });
}
