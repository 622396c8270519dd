import packageJson from "../../package.json" with { type: "json" };
import { prepareDataFolder } from "../configuration/data-folder.ts";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import type { RunningHub } from "../configuration/running-hub.ts";
import type { Configuration } from "../configuration/schema.ts";
import { startFailure } from "../configuration/start-failure.ts";
import type { Logger } from "../log.ts";
import { banner } from "./banner.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandFailure } from "./command-failure.ts";
import { hubEnvironment } from "./hub-environment.ts";
import { onStop } from "./on-stop.ts";
import type { Process } from "./process.ts";
import { jsonLine } from "./terminal/json-line.ts";

/** How long everything may take to stop before the process ends all the same, with a failure. */
const gracePeriod = 10_000;

/** Starts the server, says where it is, and returns the exit code once it was asked to stop and has stopped. */
export async function serve({ outside, settings, json, quiet }: CommandContext): Promise<number> {
  const { version } = packageJson;
  const configuration = await loadConfiguration(settings, outside.env, outside.readFile);
  await prepareDataFolder(configuration);
  const log = await outside.createLogger(configuration.log_level);
  const stop = new Promise<void>((resolve) => onStop(outside, () => resolve()));
  const hub = await start(configuration, log, outside);
  const description = hub.describe();
  const text = json
    ? jsonLine({ version, url: hub.url, ...description })
    : banner({ version, url: hub.url, hub: description, configuration });
  // Whoever started the server may not read what it says.
  if (json || !quiet) await outside.output.write(text).catch(() => {});
  log.info({ url: hub.url, version }, "listening");
  await stop;
  log.info("stopping");
  return await close(hub, log);
}

async function start(configuration: Configuration, log: Logger, outside: Process): Promise<RunningHub> {
  try {
    return await outside.startHub(configuration, hubEnvironment(outside, log));
  } catch (error) {
    const line = startFailure(error, configuration);
    if (line === undefined) log.fatal({ err: error }, "the server could not start");
    throw new CommandFailure(line ?? "could not start because of a defect; the log tells more", { cause: error });
  }
}

async function close(hub: RunningHub, log: Logger): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, gracePeriod, "late");
  });
  try {
    if ((await Promise.race([hub.close(), late])) !== "late") return 0;
    log.error("the server did not stop in time");
  } catch (error) {
    log.error({ err: error }, "the server did not stop cleanly");
  } finally {
    clearTimeout(timer);
  }
  return 1;
}
