import { exitCodes } from "./exit-codes.ts";
import { callOf, leavesOf } from "./help.ts";
import { createProgram } from "./program.ts";

/** The README's tables of every command and every exit code, in Markdown. */
export function commandsTable(): string {
  const commands = leavesOf(createProgram().root).map((command) => {
    const flags = command.options.filter(({ hidden, long }) => !hidden && long !== "--json" && long !== "--quiet");
    return [`\`${callOf(command)}\``, command.description(), flags.map(({ long }) => `\`${long}\``).join(" ")];
  });
  const codes = Object.values(exitCodes).map(({ code, meaning }) => [String(code), meaning]);
  return `${rows([["Command", "What it does", "Its flags"], ...commands])}\n${rows([["Exit code", "Meaning"], ...codes])}`;
}

function rows([head = [], ...body]: string[][]): string {
  const lines = [head, head.map(() => "---"), ...body];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`).join("");
}
