import { createEventCounter } from "./event-counter.ts";
import type { BenchRequest } from "./http-client.ts";
import type { Measurement } from "./measurement.ts";
import { bareRequest } from "./scenarios.ts";
import type { Contestant, Stage } from "./stage.ts";
import { percentile, type Summary, summarise } from "./summary.ts";

/** Events of the stream by which a replay is judged. */
export const REPLAY_EVENTS = 200;

/** How long a client waits for all of a stored stream, one client at a time, and what that costs the server. */
export async function measureReplay({ hub, bare, replay }: Stage, quick: boolean): Promise<Measurement[]> {
  const [rounds, replays, warmUp] = quick ? [3, 200, 600] : [7, 400, 3000];
  const bareReplay = bareRequest("replay", replay);
  const hubRounds: Round[] = [];
  const bareRounds: Round[] = [];
  await timeOf(hub, replay, warmUp);
  await timeOf(bare, bareReplay, warmUp);
  for (let round = 0; round < rounds; round += 1) {
    hubRounds.push(await timeOf(hub, replay, replays));
    bareRounds.push(await timeOf(bare, bareReplay, replays));
  }
  const name = `replay of a ${REPLAY_EVENTS}-event stream`;
  return [
    {
      name: `${name}, request to last byte`,
      unit: "ms",
      hub: over(hubRounds, "waited"),
      bare: over(bareRounds, "waited"),
      target: { atMost: 1 },
    },
    { name: `${name}, CPU`, unit: "ms", hub: over(hubRounds, "cpu"), bare: over(bareRounds, "cpu") },
  ];
}

/** Milliseconds for one replay. */
type Round = { waited: number; cpu: number };

async function timeOf({ server, client }: Contestant, request: BenchRequest, count: number): Promise<Round> {
  const waits: number[] = [];
  const before = await server.usage();
  for (let index = 0; index < count; index += 1) {
    const counter = createEventCounter();
    const start = performance.now();
    await client.send(request, counter.take);
    waits.push(performance.now() - start);
    if (!counter.finished() || counter.count() < REPLAY_EVENTS) throw new Error("A replay was not whole.");
  }
  const after = await server.usage();
  waits.sort((left, right) => left - right);
  return { waited: percentile(waits, 0.5), cpu: (after.cpu - before.cpu) / 1000 / count };
}

function over(rounds: readonly Round[], member: keyof Round): Summary {
  return summarise(rounds.map((round) => round[member]));
}
