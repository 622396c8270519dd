import { randomBytes } from "node:crypto";
import { startHub } from "../../server/compose.ts";
import { Configuration } from "../../server/configuration/schema.ts";
import { createLogger, type Logger } from "../../server/log.ts";

/**
 * A whole server on a free loopback port, in this process, with its real clock; unless told otherwise it is in memory,
 * unpaced, and looks for no upstreams.
 */
export async function startTestHub(settings: Record<string, unknown> = {}, log: Logger = createLogger("silent")) {
  const configuration = Configuration.parse({
    port: 0,
    data: "unused",
    db: ":memory:",
    discover: false,
    simulator: { token_interval_ms: 0, agent_step_ms: 0 },
    ...settings,
  });
  return startHub(configuration, { log, now: Date.now, random: (bytes) => randomBytes(bytes), env: {} });
}
