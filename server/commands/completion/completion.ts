import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { leavesOf } from "../help.ts";
import { addSettingsFlags } from "../parser/settings-flags.ts";
import { usageError } from "../parser/usage-error.ts";
import { bashScript } from "./bash-script.ts";
import { describeCommands } from "./described-command.ts";
import { fishScript } from "./fish-script.ts";
import { zshScript } from "./zsh-script.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** Prints the script by which a shell completes command lines. It holds all words, so that no key press starts a program. */
export async function completion({ outside }: CommandContext, root: Command, shell: string): Promise<number> {
  if (!isShell(shell)) throw usageError(`completion knows ${Object.keys(scripts).join(", ")}, not "${shell}"`);
  for (const command of leavesOf(root)) addSettingsFlags(command);
  await outside.output.write(scripts[shell](describeCommands(root)));
  return 0;
}

function isShell(shell: string): shell is keyof typeof scripts {
  return Object.hasOwn(scripts, shell);
}
