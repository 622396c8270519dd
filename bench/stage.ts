import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Scripts } from "./bundle.ts";
import { type ChildServer, startChild } from "./child-server.ts";
import { type BenchRequest, type Client, createClient, readText } from "./http-client.ts";
import { type Recording, record, recordByRecord } from "./recording.ts";
import { idIn, plainCreate, plainStream, replayOf, streamOf } from "./scenarios.ts";
import type { Workspace } from "./workspace.ts";

/** One of the servers that are compared, with whoever sends it requests. */
export type Contestant = { server: ChildServer; client: Client };

/** Both servers, running; the bare one answers the recordings of the other. */
export type Stage = {
  hub: Contestant;
  bare: Contestant;
  /** The replay of an ended interaction. */
  replay: BenchRequest;
  close(): Promise<void>;
};

/** Events of the stream by which the throughput is judged. */
export const STREAM_EVENTS = 1000;
/** Events of a paced stream. */
export const PACED_EVENTS = 60;
const CONNECTIONS = 2000;

/**
 * Starts a hub on a database file of its own with a simulator that never waits and without a look for other servers on
 * this machine; the rest is as it comes, or as the settings say.
 */
export async function startHubChild(
  workspace: Workspace,
  script: string,
  reportUsage: string,
  settings: object = {},
): Promise<ChildServer> {
  const data = await workspace.folder("hub");
  const config = join(data, "bench.yaml");
  await writeFile(config, JSON.stringify({ discover: false, ...settings }));
  const flags = ["--config", config, "--port", "0", "--data", data, "--limits-concurrent-runs", "2000"];
  const unpaced = ["--simulator-token-interval-ms", "0", "--simulator-agent-step-ms", "0"];
  return startChild(workspace, { reportUsage, script: [script, ...flags, ...unpaced] });
}

export async function startBareChild(
  workspace: Workspace,
  { bareServer, reportUsage }: Scripts,
  recordings: Record<string, Recording>,
): Promise<ChildServer> {
  const file = join(await workspace.folder("bare"), "recordings.json");
  await writeFile(file, JSON.stringify(recordings));
  return startChild(workspace, { reportUsage, script: [bareServer, file] });
}

/** Starts both; `replayEvents` is how many events the interaction has that is there to be replayed. */
export async function openStage(workspace: Workspace, scripts: Scripts, replayEvents: number): Promise<Stage> {
  const hub = contestant(await startHubChild(workspace, scripts.bundle, scripts.reportUsage));
  const ask = (request: BenchRequest) => record(hub.client, request);
  const replay = replayOf(idIn(await readText(hub.client, streamOf(replayEvents))));
  const bare = contestant(
    await startBareChild(workspace, scripts, {
      create: await ask(plainCreate),
      "short-stream": await ask(plainStream),
      stream: await ask(streamOf(STREAM_EVENTS)),
      paced: recordByRecord(await ask(streamOf(PACED_EVENTS))),
      replay: await ask(replay),
    }),
  );
  return {
    hub,
    bare,
    replay,
    async close() {
      for (const { client, server } of [hub, bare]) {
        client.close();
        await server.stop();
      }
    },
  };
}

export function contestant(server: ChildServer): Contestant {
  return { server, client: createClient(server.url, CONNECTIONS) };
}
