import { readWords } from "./parser/read-words.ts";
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
  return program.run([...(words.length === 0 ? ["serve"] : words), ...rest], outside);
}
