import { readWords } from "./parser/read-words.ts";
import { addSettingsFlags } from "./parser/settings-flags.ts";
import { usageError } from "./parser/usage-error.ts";
import type { Process } from "./process.ts";
import { createProgram } from "./program.ts";

/** Runs what a command line asks for, and gives the exit code. */
export async function runLine(argv: readonly string[], outside: Process): Promise<number> {
  const program = createProgram();
  const asksByWord = argv[0] === "help";
  const { command, words, rest, wantsHelp } = readWords(program.root, asksByWord ? argv.slice(1) : argv);
  if (wantsHelp || asksByWord) {
    const { helpOn } = await import("./help.ts");
    await outside.output.write(helpOn(command));
    return 0;
  }
  if (words.length > 0 && command.commands.length > 0) {
    const names = command.commands.map((one) => one.name());
    throw usageError(`${words.join(" ")} needs a command: ${names.slice(0, -1).join(", ")} or ${names.at(-1)}`);
  }
  const [chosen, called] = words.length === 0 ? [program.serve, ["serve"]] : [command, words];
  // To this one only: there are many, and the parser looks through all of a command's flags for each.
  addSettingsFlags(chosen);
  return program.run([...called, ...rest], outside);
}
