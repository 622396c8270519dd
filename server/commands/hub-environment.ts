import { discoveryVariables, type Environment } from "../configuration/running-hub.ts";
import type { Logger } from "../log.ts";
import type { Process } from "./process.ts";

/** What a hub gets from the process that it runs in. */
export function hubEnvironment({ env, now, random }: Process, log: Logger): Environment {
  return { log, now, random, env: Object.fromEntries(discoveryVariables.map((name) => [name, env[name]])) };
}
