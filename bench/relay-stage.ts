import type { Scripts } from "./bundle.ts";
import { startChild } from "./child-server.ts";
import { ownUsage } from "./own-usage.ts";
import { UPSTREAM } from "./scenarios.ts";
import { type Contestant, contestant, startHubChild } from "./stage.ts";
import type { Workspace } from "./workspace.ts";

/** An upstream, and the ways to it. */
export type RelayStage = {
  hub: Contestant;
  pipe: Contestant;
  /** The upstream itself. What counts is what this process, the client, does: the upstream has the same to do for all. */
  direct: Contestant;
  close(): Promise<void>;
};

/** Starts the upstream, a hub that has it for its only one, and a pipe to it. */
export async function openRelayStage(workspace: Workspace, scripts: Scripts): Promise<RelayStage> {
  const { bundle, upstreamServer, pipeServer, reportUsage } = scripts;
  const upstream = await startChild(workspace, { reportUsage, script: [upstreamServer] });
  const upstreams = [{ name: UPSTREAM, kind: "openai-chat", base_url: `${upstream.url}/v1`, models: ["m"] }];
  const hub = contestant(await startHubChild(workspace, bundle, reportUsage, { upstreams }));
  const pipe = contestant(await startChild(workspace, { reportUsage, script: [pipeServer, upstream.url] }));
  const direct = contestant({ ...upstream, usage: async () => ownUsage() });
  return {
    hub,
    pipe,
    direct,
    async close() {
      for (const { client, server } of [hub, pipe, direct]) {
        client.close();
        await server.stop();
      }
    },
  };
}
