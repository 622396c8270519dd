import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import type { OutputStream } from "./commands/process.ts";
import { runCommand } from "./commands/run-command.ts";
import { nativeBinding } from "./native-binding.ts";

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const binding = nativeBinding === undefined ? {} : { nativeBinding };

runCommand(process.argv.slice(2), {
  env: process.env,
  readFile: (path) => readFile(path, "utf8"),
  input: {
    // It is opened when it is asked for: a server may have none.
    get isTerminal() {
      return process.stdin.isTTY === true;
    },
    pieces: () => process.stdin,
  },
  output: outputStream(process.stdout),
  errors: outputStream(process.stderr),
  onStopSignal: (listener) => {
    for (const signal of stopSignals) process.on(signal, () => listener(128 + constants.signals[signal]));
    // The launcher, where there is one, was killed before it could pass a signal on.
    process.on("disconnect", () => listener(128 + constants.signals.SIGHUP));
    process.channel?.unref();
  },
  exit: (code) => process.exit(code),
  now: Date.now,
  random: (bytes) => randomBytes(bytes),
  // Asking for help or for the settings must not wait for the server's modules.
  createLogger: async (level) => (await import("./log.ts")).createLogger(level),
  startHub: async (configuration, environment) =>
    (await import("./compose.ts")).startHub(configuration, { ...environment, ...binding }),
  openTools: async (configuration, manner) =>
    (await import("./compose-tools.ts")).openTools(configuration, { ...binding, ...manner }),
  temporaryFolder: tmpdir(),
}).then((code) => {
  process.exitCode = code;
  // Whatever should still hold the process open after everything was closed must not do so for long.
  setTimeout(() => process.exit(), 1000).unref();
});

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  // Each failure is told to who wrote; without a listener it would end the process.
  stream.on("error", () => {});
  return {
    isTerminal: stream.isTTY === true,
    write: (piece) =>
      new Promise((resolve, reject) => {
        stream.write(piece, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
