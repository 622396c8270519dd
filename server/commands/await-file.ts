import { setTimeout as wait } from "node:timers/promises";
import { HubError } from "../../schema/core/error.ts";
import { CommandFailure } from "./command-failure.ts";
import type { Holder, Tools } from "./tools.ts";

/** How often it is looked whether a data file is free, and the milliseconds between two looks: some seconds in all. */
const LOOKS = 50;
const PAUSE = 100;

/**
 * Does something with a data file once no other command has it, nor a hub that only starts or stops. Others take it between
 * the looking and the opening, too: then it is tried again. `open` is told of the hub that serves the file.
 */
export async function awaitFile<T>(
  tools: Tools,
  file: string,
  open: (serving: Holder | undefined) => Promise<T>,
): Promise<T> {
  for (let looks = 1; ; looks += 1) {
    const holder = await tools.heldBy();
    if (holder === undefined || holder.url !== undefined) {
      try {
        return await open(holder);
      } catch (error) {
        if (looks >= LOOKS || !wasTaken(error)) throw error;
      }
    } else if (looks >= LOOKS) throw stillTaken(holder, file);
    await wait(PAUSE);
  }
}

/** Refuses, with advice, what needs a data file for itself while a hub serves it. */
export function refuseServed(serving: Holder | undefined, file: string, what: string): void {
  if (serving === undefined) return;
  throw new CommandFailure(
    `a ${serving.who} is serving ${file}, and ${what} needs it alone: stop the hub, and start it again afterwards`,
  );
}

/** Of all that keeps a file from being opened, only that somebody else has it passes. */
function wasTaken(error: unknown): boolean {
  const cause = error instanceof CommandFailure ? error.cause : error;
  return cause instanceof HubError && cause.retryAfter !== undefined;
}

function stillTaken({ who, isCommand }: Holder, file: string): CommandFailure {
  return new CommandFailure(
    isCommand
      ? `another ${who} is using ${file}; try again when it has ended`
      : `a ${who} is just starting, or stopping, on ${file}; try again in a moment`,
  );
}
