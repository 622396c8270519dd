import packageJson from "../../package.json" with { type: "json" };
import { parseCommandLine } from "./command-line.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { helpText } from "./configuration-table.ts";
import { loadConfiguration } from "./load-configuration.ts";
import { printConfiguration } from "./print-configuration.ts";
import { type Process, serve } from "./serve.ts";

/** Runs one command line to its end and returns the exit code: 0, 1 for a failure, 2 for a wrong command line. */
export async function runCommand(argv: readonly string[], outside: Process): Promise<number> {
  try {
    const { command } = parseCommandLine(argv);
    switch (command) {
      case "help":
        outside.print(helpText());
        return 0;
      case "version":
        outside.print(`${packageJson.version}\n`);
        return 0;
      case "config":
        outside.print(await printConfiguration(await loadConfiguration(argv, outside.env, outside.readFile)));
        return 0;
      case "serve":
        return await serve(await loadConfiguration(argv, outside.env, outside.readFile), packageJson.version, outside);
      default:
        return command satisfies never;
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    outside.printError(`interactions-hub: ${error.message}\n`);
    return error.usage ? 2 : 1;
  }
}
