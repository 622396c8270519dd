import packageJson from "../../package.json" with { type: "json" };
import { exitCodes } from "./exit-codes.ts";
import type { Process } from "./process.ts";

/** Runs one command line to its end and returns the exit code, which is one of `exitCodes`. */
export async function runCommand(argv: readonly string[], outside: Process): Promise<number> {
  // SQLite does not say of which file it speaks.
  let file: string | undefined;
  const openTools: Process["openTools"] = (configuration, manner) => {
    file = configuration.db;
    return outside.openTools(configuration, manner);
  };
  try {
    if (asksForVersion(argv)) {
      await outside.output.write(`${packageJson.version}\n`);
      return exitCodes.done.code;
    }
    // Whoever asks for the version alone does not wait for the parser.
    const { runLine } = await import("./run-line.ts");
    return await runLine(argv, { ...outside, openTools });
  } catch (error) {
    // A reader such as `head` that has read enough is no failure.
    if (error instanceof Error && "code" in error && error.code === "EPIPE") return exitCodes.done.code;
    const { explainFailure } = await import("./explain-failure.ts");
    const explained = explainFailure(error, file);
    if (explained === undefined) throw error;
    await outside.errors.write(`interactions-hub: ${explained.message}\n`);
    return explained.exitCode;
  }
}

/** It wins over every mistake beside it; so does `--help`, and over that too, but for a command of its own. */
function asksForVersion(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const flagged = end === -1 ? argv : argv.slice(0, end);
  if (flagged.some((word) => word === "--help" || word === "-h")) return false;
  return flagged[0] === "version" || flagged.includes("--version") || flagged.includes("-v");
}
