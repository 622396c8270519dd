import { afterEach } from "vitest";
import { type ReplayServer, type ReplyScript, startReplayServer } from "../../../cases/replay-server.ts";

/** Starts servers that answer as scripted, for one test each. */
export function replaying(): (...scripts: ReplyScript[]) => Promise<ReplayServer> {
  const servers: ReplayServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  return async (...scripts) => {
    const server = await startReplayServer(scripts);
    servers.push(server);
    return server;
  };
}
