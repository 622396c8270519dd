import type { Lost } from "./client/follow-interaction.ts";
import type { CommandContext } from "./command-context.ts";

/** Says on standard error that a connection was lost: once, until it is lost again after it was there. */
export function lostNotice({ outside, quiet }: CommandContext): Lost {
  return (attempt) => {
    if (quiet || attempt > 1) return;
    outside.errors.write("interactions-hub: lost the connection to the hub; trying again\n").catch(() => {});
  };
}
