import { type BenchRequest, repeat } from "./http-client.ts";
import type { Measurement } from "./measurement.ts";
import { bareRequest, plainCreate } from "./scenarios.ts";
import type { Contestant, Stage } from "./stage.ts";
import { summarise } from "./summary.ts";

/** Requests at once. */
export const AT_ONCE = 16;

/** Processor time of a create that is stored and answered whole, beside a server that only sends the same answer. */
export async function measureUnary({ hub, bare }: Stage, quick: boolean): Promise<Measurement[]> {
  const [rounds, requests, warmUp] = quick ? [3, 1500, 6000] : [9, 3000, 20_000];
  const bareCreate = bareRequest("create", plainCreate);
  const hubCosts: number[] = [];
  const bareCosts: number[] = [];
  // Until the engine has optimised what is hot, figures fall from round to round.
  await costOf(hub, plainCreate, warmUp);
  await costOf(bare, bareCreate, warmUp);
  for (let round = 0; round < rounds; round += 1) {
    hubCosts.push(await costOf(hub, plainCreate, requests));
    bareCosts.push(await costOf(bare, bareCreate, requests));
  }
  return [
    {
      name: `stored unary create, CPU (${AT_ONCE} at once)`,
      unit: "µs",
      hub: summarise(hubCosts),
      bare: summarise(bareCosts),
      target: { atMost: 300 },
    },
  ];
}

/** Microseconds of processor time for one request. */
export async function costOf({ server, client }: Contestant, request: BenchRequest, count: number): Promise<number> {
  const before = await server.usage();
  await repeat(count, AT_ONCE, () => client.send(request, () => {}));
  const after = await server.usage();
  return (after.cpu - before.cpu) / count;
}
