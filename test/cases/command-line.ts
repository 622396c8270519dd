import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import type { Process } from "../../server/commands/process.ts";
import { runCommand } from "../../server/commands/run-command.ts";
import { openTools } from "../../server/compose-tools.ts";
import type { Environment, StartHub } from "../../server/configuration/running-hub.ts";
import { createLogger } from "../../server/log.ts";

export type CommandLineOptions = {
  env?: { [name: string]: string };
  startHub?: StartHub;
  /** How the addon of the database is had, if not by itself. */
  binding?: Pick<Environment, "nativeBinding">;
  /** What is piped in; what is typed, if `terminal` says that people sit there. */
  input?: string;
  terminal?: boolean;
};

/** A command line within the process of the test, whose world outside is what the test sees of it. */
export function commandLine(options: CommandLineOptions = {}) {
  const seen = { out: "", error: "", log: "", exits: [] as number[], time: 0, stop: (_exitCode: number): void => {} };
  const stream = (take: (text: string) => void) => ({
    isTerminal: options.terminal ?? false,
    write: async (piece: string | Uint8Array) => take(Buffer.from(piece).toString()),
  });
  const appendLog = (line: string): void => {
    seen.log += line;
  };
  const outside: Process = {
    env: options.env ?? {},
    readFile: () => Promise.reject(new Error("no file here")),
    input: {
      isTerminal: options.terminal ?? false,
      async *pieces() {
        yield Buffer.from(options.input ?? "");
      },
    },
    output: stream((text) => {
      seen.out += text;
    }),
    errors: stream((text) => {
      seen.error += text;
    }),
    onStopSignal: (listener) => {
      seen.stop = listener;
    },
    exit: (code) => seen.exits.push(code),
    now: () => seen.time,
    random: (bytes) => randomBytes(bytes),
    createLogger: async (level) => createLogger(level, { write: appendLog }),
    startHub:
      options.startHub ??
      (async (configuration, environment) =>
        (await import("../../server/compose.ts")).startHub(configuration, { ...environment, ...options.binding })),
    openTools: (configuration, manner) => openTools(configuration, { ...options.binding, ...manner }),
    temporaryFolder: tmpdir(),
  };
  const run = (...argv: string[]): Promise<number> => runCommand(argv, outside);
  return { seen, run, outside };
}

/** The lines of JSON that a command printed. */
export function jsonLines(text: string): { [name: string]: unknown }[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
