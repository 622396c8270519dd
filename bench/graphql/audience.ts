import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { Workspace } from "../workspace.ts";

/** Subscribers that are connected, that got their first message since they subscribed, and that got their last; all messages. */
export type SubscriberCounts = { ready: number; begun: number; delivered: number; ended: number; closed: number };

/** Many subscribers in a process of their own. */
export type Audience = {
  subscribe(payload: object): Promise<void>;
  /** Resolves, with the counts as they are then, when this holds. */
  until(holds: (counts: SubscriberCounts) => boolean): Promise<SubscriberCounts>;
  leave(): Promise<void>;
};

const LOOK_EVERY = 50;
const PATIENCE = 60_000;

/** Lets so many subscribers connect to a server. */
export async function openAudience(
  workspace: Workspace,
  options: { script: string; url: string; size: number },
): Promise<Audience> {
  const child = workspace.start([options.script, options.url.replace("http", "ws"), String(options.size)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = once(child, "exit").then(() => {
    throw new Error("The subscribers have ended.");
  });
  gone.catch(() => {});

  async function tell(message: object): Promise<SubscriberCounts> {
    const answer = once(child, "message");
    child.send(message);
    const [counts] = await Promise.race([answer, gone]);
    return counts;
  }

  const audience: Audience = {
    async subscribe(payload) {
      await tell({ subscribe: payload });
    },
    async until(holds) {
      for (const start = performance.now(); performance.now() - start < PATIENCE; await wait(LOOK_EVERY)) {
        const counts = await tell({});
        if (counts.closed > 0) throw new Error(`${counts.closed} subscribers were cut off.`);
        if (holds(counts)) return counts;
      }
      throw new Error("Subscribers waited too long for what they are to get.");
    },
    async leave() {
      child.kill();
      await once(child, "exit");
    },
  };
  await audience.until(({ ready }) => ready === options.size);
  return audience;
}
