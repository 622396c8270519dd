import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import { runCommand } from "./configuration/run-command.ts";

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

runCommand(process.argv.slice(2), {
  env: process.env,
  readFile: (path) => readFile(path, "utf8"),
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
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
  startHub: async (configuration, environment) => (await import("./compose.ts")).startHub(configuration, environment),
}).then((code) => {
  process.exitCode = code;
  // Whatever should still hold the process open after everything was closed must not do so for long.
  setTimeout(() => process.exit(), 1000).unref();
});
