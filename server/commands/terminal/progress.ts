import type { EnvironmentVariables } from "../../configuration/environment-variables.ts";
import type { OutputStream } from "../process.ts";

/** Milliseconds between two states that are shown. */
const PACE = 100;
const clearLine = "\r\u{1B}[K";

/** Says how far long work has come, on one line that is written anew. */
export type Progress = {
  show(state: string): void;
  /** Takes the line away. */
  end(): Promise<void>;
};

/** Only a terminal that takes orders is told: elsewhere a line cannot be written anew. */
export function createProgress(
  { errors, now, env }: { errors: OutputStream; now(): number; env: EnvironmentVariables },
  quiet: boolean,
): Progress {
  if (quiet || !errors.isTerminal || env.TERM === "dumb") return { show: () => {}, end: async () => {} };
  let last = Number.NEGATIVE_INFINITY;
  // What the terminal does not take any more, nobody misses.
  let written = Promise.resolve();
  const write = (text: string) => {
    written = written.then(() => errors.write(text)).catch(() => {});
  };
  return {
    show(state) {
      if (now() - last < PACE) return;
      last = now();
      write(`${clearLine}${state}`);
    },
    async end() {
      if (last !== Number.NEGATIVE_INFINITY) write(clearLine);
      await written;
    },
  };
}
