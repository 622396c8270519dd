import type { Usage } from "./child-server.ts";

/** What this process has used since its start. */
export function ownUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return {
    cpu: user + system,
    memory: process.memoryUsage.rss(),
    largestMemory: process.resourceUsage().maxRSS * 1024,
  };
}
