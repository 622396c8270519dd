import { type BenchRequest, readText } from "../http-client.ts";
import type { Measurement, Target } from "../measurement.ts";
import type { Contestant } from "../stage.ts";
import { percentile, summarise } from "../summary.ts";

/** Requests that are measured one after the other; `request` makes each of them, by its number and the last answer. */
export type LatencyPlan = {
  name: string;
  request(place: number, lastAnswer: string | undefined): BenchRequest;
  count: number;
  /** Milliseconds that may not be taken, in the median or by the slowest of a hundred. */
  atMost?: { median: number } | { p99: number };
};

/**
 * How long a client waits for answers, one client at a time: the median and the slowest of a hundred. What an answer costs the
 * server tells how much of that was waiting for a machine that is busy with other things.
 */
export async function measureLatency(
  { server, client }: Contestant,
  plan: LatencyPlan,
  rounds: number,
): Promise<Measurement[]> {
  const medians: number[] = [];
  const slowest: number[] = [];
  const costs: number[] = [];
  let place = 0;
  let answer: string | undefined;

  async function round(): Promise<number[]> {
    const waits: number[] = [];
    for (let index = 0; index < plan.count; index += 1) {
      const request = plan.request(place, answer);
      const start = performance.now();
      answer = await readText(client, request);
      waits.push(performance.now() - start);
      place += 1;
      if (answer.startsWith('{"errors"')) throw new Error(`${plan.name} was refused: ${answer.slice(0, 300)}`);
    }
    return waits.sort((left, right) => left - right);
  }

  await round();
  for (let index = 0; index < rounds; index += 1) {
    const before = await server.usage();
    const waits = await round();
    const after = await server.usage();
    costs.push((after.cpu - before.cpu) / 1000 / plan.count);
    medians.push(percentile(waits, 0.5));
    slowest.push(percentile(waits, 0.99));
  }
  const { atMost } = plan;
  const target = (milliseconds: number): { target: Target } => ({ target: { atMost: milliseconds } });
  return [
    {
      name: plan.name,
      unit: "ms",
      hub: summarise(medians),
      ...(atMost !== undefined && "median" in atMost ? target(atMost.median) : {}),
    },
    {
      name: "  slowest of a hundred",
      unit: "ms",
      hub: summarise(slowest),
      ...(atMost !== undefined && "p99" in atMost ? target(atMost.p99) : {}),
    },
    { name: "  CPU", unit: "ms", hub: summarise(costs) },
  ];
}
