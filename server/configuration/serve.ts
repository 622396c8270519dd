import type { Logger } from "../log.ts";
import { banner } from "./banner.ts";
import type { ReadFile } from "./configuration-file.ts";
import { prepareDataFolder } from "./data-folder.ts";
import type { EnvironmentVariables } from "./environment-variables.ts";
import { discoveryVariables, type RunningHub, type StartHub } from "./running-hub.ts";
import type { Configuration } from "./schema.ts";
import { startFailure } from "./start-failure.ts";

/** The operating system's process, as far as the command line needs it. */
export type Process = {
  env: EnvironmentVariables;
  readFile: ReadFile;
  print(text: string): void;
  printError(text: string): void;
  /** Calls back with 128 plus the signal's number each time the process is asked to end. */
  onStopSignal(listener: (exitCode: number) => void): void;
  /** Ends the process at once. */
  exit(code: number): void;
  now(): number;
  random(bytes: number): Uint8Array;
  createLogger(level: Configuration["log_level"]): Promise<Logger>;
  startHub: StartHub;
};

/** How long everything may take to stop before the process ends all the same, with a failure. */
const gracePeriod = 10_000;
/** Ctrl-C reaches the server from the terminal and once more through npm and the launcher; that is one key press. */
const samePress = 500;

/** Starts the server, says where it is, and returns the exit code once it was asked to stop and has stopped. */
export async function serve(configuration: Configuration, version: string, outside: Process): Promise<number> {
  await prepareDataFolder(configuration);
  const log = await outside.createLogger(configuration.log_level);
  const stop = stopRequest(outside);
  let hub: RunningHub;
  try {
    const env = Object.fromEntries(discoveryVariables.map((name) => [name, outside.env[name]]));
    hub = await outside.startHub(configuration, { log, now: outside.now, random: outside.random, env });
  } catch (error) {
    const line = startFailure(error, configuration);
    if (line === undefined) log.fatal({ err: error }, "the server could not start");
    outside.printError(`interactions-hub: ${line ?? "could not start because of a defect; the log tells more"}\n`);
    return 1;
  }
  outside.print(banner({ version, url: hub.url, hub: hub.describe(), configuration }));
  log.info({ url: hub.url, version }, "listening");
  await stop;
  log.info("stopping");
  return await close(hub, log);
}

/** Resolves at the first signal; a second one, unless it is an echo of the first, ends the process at once. */
function stopRequest(outside: Process): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    outside.onStopSignal((exitCode) => {
      first ??= outside.now();
      if (outside.now() - first > samePress) outside.exit(exitCode);
      resolve();
    });
  });
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
