import type { CommandContext } from "./command-context.ts";
import type { Step } from "./tools.ts";

/** Says on standard error, before it begins, that a data file is brought to another schema. */
export function upgradingNotice({ outside, quiet }: CommandContext, file: string): (step: Step) => void {
  return ({ from, to }) => {
    if (!quiet) outside.errors.write(`upgrading ${file} from schema ${from} to ${to} …\n`).catch(() => {});
  };
}
