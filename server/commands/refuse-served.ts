import { CommandFailure } from "./command-failure.ts";
import type { Tools } from "./tools.ts";

/** Refuses, with advice, while a hub serves the data file that a command needs for itself. */
export function refuseServed(tools: Tools, file: string, what: string): void {
  const served = file === ":memory:" ? undefined : tools.servedBy();
  if (served === undefined) return;
  const { pid, url } = served;
  const who = [...(pid === undefined ? [] : [`process ${pid}`]), ...(url === undefined ? [] : [url])].join(", ");
  throw new CommandFailure(
    `a hub${who === "" ? "" : ` (${who})`} is serving ${file}, and ${what} needs it alone: stop the hub, and start it again afterwards`,
  );
}
