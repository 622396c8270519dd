import { createEventCounter } from "./event-counter.ts";
import type { BenchRequest } from "./http-client.ts";
import type { Measurement } from "./measurement.ts";
import { bareRequest } from "./scenarios.ts";
import { type Contestant, REPLAY_EVENTS, type Stage } from "./stage.ts";
import { percentile, type Summary, summarise } from "./summary.ts";

/** How long a client waits for all of a stored stream, one client at a time, and what that costs the server. */
export async function measureReplay({ hub, bare, replayed }: Stage, quick: boolean): Promise<Measurement[]> {
  const [rounds, replays] = quick ? [3, 200] : [5, 400];
  const bareReplay = bareRequest("replay", replayed);
  const hubRounds: Round[] = [];
  const bareRounds: Round[] = [];
  await replay(hub, replayed, replays);
  await replay(bare, bareReplay, replays);
  for (let round = 0; round < rounds; round += 1) {
    hubRounds.push(await replay(hub, replayed, replays));
    bareRounds.push(await replay(bare, bareReplay, replays));
  }
  const name = `replay of a stream of ${REPLAY_EVENTS} events`;
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

async function replay({ server, client }: Contestant, request: BenchRequest, count: number): Promise<Round> {
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
