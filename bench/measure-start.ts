import { setTimeout as wait } from "node:timers/promises";
import type { Scripts } from "./bundle.ts";
import type { ChildServer } from "./child-server.ts";
import { type BenchRequest, createClient, readText } from "./http-client.ts";
import type { Measurement } from "./measurement.ts";
import { record } from "./recording.ts";
import { bareRequest, plainCreate } from "./scenarios.ts";
import { startBareChild, startHubChild } from "./stage.ts";
import { type Summary, summarise } from "./summary.ts";
import type { Workspace } from "./workspace.ts";

/** Milliseconds after its first answer in which a server comes to rest. */
const REST = 1000;

/** From the start of a process on an empty data folder to its first answered create, and its memory after that. */
export async function measureStart(workspace: Workspace, scripts: Scripts, quick: boolean): Promise<Measurement[]> {
  const [rounds, sourceRounds] = quick ? [3, 1] : [7, 3];
  const hubStart = (script: string) => () => startHubChild(workspace, script, scripts.reportUsage);
  const recordings = { create: await recordCreate(hubStart(scripts.bundle)) };
  const bareStart = () => startBareChild(workspace, scripts, recordings);
  const bundle: Start[] = [];
  const bare: Start[] = [];
  const sources: Start[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bundle.push(await start(hubStart(scripts.bundle), plainCreate));
    bare.push(await start(bareStart, bareRequest("create", plainCreate)));
    if (round < sourceRounds) sources.push(await start(hubStart(scripts.sources), plainCreate));
  }
  return [
    {
      name: "start to first answer, bundle",
      unit: "ms",
      hub: over(bundle, "answered"),
      bare: over(bare, "answered"),
      target: { atMost: 400 },
    },
    { name: "start to first answer, sources", unit: "ms", hub: over(sources, "answered") },
    {
      name: "idle memory, bundle",
      unit: "MB",
      hub: over(bundle, "memory"),
      bare: over(bare, "memory"),
      target: { atMost: 100 },
    },
    { name: "idle memory, sources", unit: "MB", hub: over(sources, "memory") },
  ];
}

/** Milliseconds to the first answer, and megabytes at rest. */
type Start = { answered: number; memory: number };

async function start(startServer: () => Promise<ChildServer>, request: BenchRequest): Promise<Start> {
  const begun = performance.now();
  const server = await startServer();
  const client = createClient(server.url, 1);
  await client.send(request, () => {});
  const answered = performance.now() - begun;
  await wait(REST);
  const { memory } = await server.usage();
  client.close();
  await server.stop();
  return { answered, memory: memory / 2 ** 20 };
}

async function recordCreate(startServer: () => Promise<ChildServer>) {
  const server = await startServer();
  const client = createClient(server.url, 1);
  await readText(client, plainCreate);
  const recording = await record(client, plainCreate);
  client.close();
  await server.stop();
  return recording;
}

function over(starts: readonly Start[], member: keyof Start): Summary {
  return summarise(starts.map((start) => start[member]));
}
