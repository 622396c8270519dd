import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "../child-server.ts";
import { readText } from "../http-client.ts";
import type { Measurement } from "../measurement.ts";
import { backgroundOf, idIn } from "../scenarios.ts";
import { type Contestant, contestant, startHubChild } from "../stage.ts";
import type { Workspace } from "../workspace.ts";
import { type Audience, openAudience } from "./audience.ts";
import { beside, type Rounds } from "./beside.ts";
import { watchEvents } from "./documents.ts";
import { recordMessages } from "./record-messages.ts";
import type { GraphqlScripts } from "./scripts.ts";

const SUBSCRIBERS = 500;
/** Milliseconds between two events of the interaction. At a slower pace a process sleeps, and pays for each waking up. */
const paces = [10, 20];
/** Milliseconds that an interaction takes. */
const [LONG, SHORT] = [5000, 2000];

/** What it costs to tell one event of one live interaction to one of many sockets. */
export async function measureFanOut(
  workspace: Workspace,
  scripts: GraphqlScripts,
  quick: boolean,
): Promise<Measurement[]> {
  const measured: Measurement[] = [];
  for (const pause of paces) {
    const costs = await costsAtPace(workspace, scripts, pause, quick);
    const name = `one of ${1000 / pause} live events/s to one of ${SUBSCRIBERS} sockets`;
    measured.push(beside(name, "bare ws", costs, () => 10));
  }
  return measured;
}

async function costsAtPace(
  workspace: Workspace,
  scripts: GraphqlScripts,
  pause: number,
  quick: boolean,
): Promise<Rounds> {
  const [rounds, events] = quick ? [2, SHORT / pause] : [5, LONG / pause];
  const hub = contestant(await startHubChild(workspace, scripts.bundle, scripts.reportUsage));
  const begin = async () => idIn(await readText(hub.client, backgroundOf(events, pause)));
  const messages = await recordMessages(`${hub.server.url}/graphql`, {
    query: watchEvents,
    variables: { id: await begin() },
  });
  const file = join(await workspace.folder("broadcast"), "messages.json");
  await writeFile(file, JSON.stringify(messages));
  const script = [scripts.broadcastServer, file, String(pause)];
  const bare = contestant(await startChild(workspace, { reportUsage: scripts.reportUsage, script }));

  const audienceOf = ({ server }: Contestant, path: string) =>
    openAudience(workspace, { script: scripts.subscribers, url: server.url + path, size: SUBSCRIBERS });
  const [hubAudience, bareAudience] = [await audienceOf(hub, "/graphql"), await audienceOf(bare, "/")];
  const hubRound = () =>
    costOfDelivery(hub, hubAudience, async () => {
      await hubAudience.subscribe({ query: watchEvents, variables: { id: await begin() } });
    });
  const bareRound = () =>
    costOfDelivery(bare, bareAudience, async () => {
      await bareAudience.subscribe({});
      await readText(bare.client, { method: "POST", path: "/" });
    });

  const costs: Rounds = { hub: [], other: [] };
  // The first round is mostly a warm-up of five hundred sockets, the second one of the code.
  for (let round = 0; round < 2; round += 1) {
    await hubRound();
    await bareRound();
  }
  for (let round = 0; round < rounds; round += 1) {
    costs.hub.push(await hubRound());
    costs.other.push(await bareRound());
  }
  for (const audience of [hubAudience, bareAudience]) await audience.leave();
  for (const { client, server } of [hub, bare]) {
    client.close();
    await server.stop();
  }
  return costs;
}

/** Microseconds of processor time for one message to one socket, from when all have got one until all have got the last. */
async function costOfDelivery({ server }: Contestant, audience: Audience, play: () => Promise<void>): Promise<number> {
  await play();
  const start = await audience.until(({ begun }) => begun === SUBSCRIBERS);
  const before = await server.usage();
  const end = await audience.until(({ ended }) => ended === SUBSCRIBERS);
  const after = await server.usage();
  return (after.cpu - before.cpu) / (end.delivered - start.delivered);
}
