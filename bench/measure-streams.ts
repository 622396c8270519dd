import { createEventCounter } from "./event-counter.ts";
import { type BenchRequest, repeat } from "./http-client.ts";
import type { Measurement } from "./measurement.ts";
import { bareRequest, streamOf } from "./scenarios.ts";
import { type Contestant, PACED_EVENTS, STREAM_EVENTS, type Stage } from "./stage.ts";
import { summarise } from "./summary.ts";

const AT_ONCE = 16;
const PACED_AT_ONCE = 200;
const PAUSE_MS = 20;

/** Events that are stored and sent, counted from the wire, per second of the server's processor time. */
export async function measureStreams(stage: Stage, quick: boolean): Promise<Measurement[]> {
  const streams = quick ? 32 : 80;
  const stream = streamOf(STREAM_EVENTS);
  const paced = streamOf(PACED_EVENTS, PAUSE_MS);
  return [
    await compare(stage, quick, {
      name: `stored stream events per second and core (${AT_ONCE} streams)`,
      target: 40_000,
      hubRun: (hub) => rateOf(hub, stream, streams, AT_ONCE),
      bareRun: (bare) => rateOf(bare, bareRequest("stream", stream), streams, AT_ONCE),
    }),
    await compare(stage, quick, {
      name: `the same, ${PACED_AT_ONCE} streams paced at ${1000 / PAUSE_MS} events/s`,
      hubRun: (hub) => rateOf(hub, paced, PACED_AT_ONCE, PACED_AT_ONCE),
      bareRun: (bare) => rateOf(bare, bareRequest("paced", paced, PAUSE_MS), PACED_AT_ONCE, PACED_AT_ONCE),
    }),
  ];
}

type Comparison = {
  name: string;
  target?: number;
  hubRun: (hub: Contestant) => Promise<number>;
  bareRun: (bare: Contestant) => Promise<number>;
};

async function compare({ hub, bare }: Stage, quick: boolean, comparison: Comparison): Promise<Measurement> {
  const hubRates: number[] = [];
  const bareRates: number[] = [];
  await comparison.hubRun(hub);
  await comparison.bareRun(bare);
  for (let round = 0; round < (quick ? 3 : 5); round += 1) {
    hubRates.push(await comparison.hubRun(hub));
    bareRates.push(await comparison.bareRun(bare));
  }
  return {
    name: comparison.name,
    unit: "/s",
    hub: summarise(hubRates),
    bare: summarise(bareRates),
    ...(comparison.target === undefined ? {} : { target: { atLeast: comparison.target } }),
  };
}

/** Events of so many streams, for a second of processor time. */
export async function rateOf(
  { server, client }: Contestant,
  request: BenchRequest,
  streams: number,
  atOnce: number,
): Promise<number> {
  let events = 0;
  const before = await server.usage();
  await repeat(streams, atOnce, async () => {
    const counter = createEventCounter();
    await client.send(request, counter.take);
    if (!counter.finished()) throw new Error("A stream ended before its end.");
    events += counter.count();
  });
  const after = await server.usage();
  return events / ((after.cpu - before.cpu) / 1e6);
}
