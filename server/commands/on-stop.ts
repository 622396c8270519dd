import type { Process } from "./process.ts";

/** Ctrl-C reaches a command from the terminal and once more through npm and the launcher; that is one key press. */
const samePress = 500;

/** Calls back once, when the process is asked to end. Asked again, later than by an echo, it ends at once. */
export function onStop(outside: Process, stopping: (exitCode: number) => void): void {
  let first: number | undefined;
  outside.onStopSignal((exitCode) => {
    if (first === undefined) {
      first = outside.now();
      stopping(exitCode);
    } else if (outside.now() - first > samePress) outside.exit(exitCode);
  });
}
