import { CommandFailure } from "./command-failure.ts";
import { onStop } from "./on-stop.ts";
import type { Process } from "./process.ts";

/** Lets long work be interrupted where it leaves nothing half-done: what is given throws once the process was asked to stop. */
export function stopCheck(outside: Process, what: string): () => void {
  let code: number | undefined;
  onStop(outside, (exitCode) => {
    code = exitCode;
  });
  return () => {
    if (code === undefined) return;
    throw new CommandFailure(`${what} was interrupted, and left nothing behind`, { exitCode: code });
  };
}
