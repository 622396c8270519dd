import { afterEach } from "vitest";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";

/** Starts hubs that are closed when the test that has started them is over. */
export function hubsOfTest(): (settings?: Record<string, unknown>) => Promise<RunningHub> {
  const open: RunningHub[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((hub) => hub.close()));
  });
  return async (settings) => {
    const hub = await startTestHub(settings);
    open.push(hub);
    return hub;
  };
}
