import { stat } from "node:fs/promises";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./parser/usage-error.ts";
import { stopCheck } from "./stop-check.ts";
import { jsonLine } from "./terminal/json-line.ts";
import { createProgress } from "./terminal/progress.ts";
import { sizeText } from "./transcript/media-line.ts";

/** Copies the data file as it is at this moment. */
export async function backUp(
  context: CommandContext,
  _flags: object,
  [target = ""]: readonly string[],
): Promise<number> {
  const { outside, settings, json, quiet } = context;
  if (target === "-") throw usageError("backup writes a file, and - is none: name one that does not exist yet");
  const configuration = await loadConfiguration(settings, outside.env, outside.readFile);
  const tools = await outside.openTools(configuration);
  const progress = createProgress(outside, quiet);
  const check = stopCheck(outside, "the backup");
  try {
    await tools.backUp(target, (done, total) => {
      check();
      progress.show(`backing up: ${Math.floor((100 * done) / Math.max(1, total))} %`);
    });
  } finally {
    await progress.end();
  }
  const { size } = await stat(target);
  if (json) await outside.output.write(jsonLine({ db: configuration.db, target, bytes: size }));
  else if (!quiet) await outside.output.write(`backed up ${configuration.db} as ${target} (${sizeText(size)})\n`);
  return 0;
}
