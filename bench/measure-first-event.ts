import type { BenchRequest } from "./http-client.ts";
import type { Measurement } from "./measurement.ts";
import { bareRequest, plainStream } from "./scenarios.ts";
import type { Contestant, Stage } from "./stage.ts";
import { percentile, summarise } from "./summary.ts";

/** How long a client waits from its request to the first event of the stream, one client at a time. */
export async function measureFirstEvent({ hub, bare }: Stage, quick: boolean): Promise<Measurement[]> {
  const [rounds, streams, warmUp] = quick ? [3, 200, 400] : [7, 400, 2000];
  const bareStream = bareRequest("short-stream", plainStream);
  const hubWaits: number[] = [];
  const bareWaits: number[] = [];
  await waitOf(hub, plainStream, warmUp);
  await waitOf(bare, bareStream, warmUp);
  for (let round = 0; round < rounds; round += 1) {
    hubWaits.push(await waitOf(hub, plainStream, streams));
    bareWaits.push(await waitOf(bare, bareStream, streams));
  }
  return [
    {
      name: "time to first event of a stored stream",
      unit: "ms",
      hub: summarise(hubWaits),
      bare: summarise(bareWaits),
    },
  ];
}

/** Milliseconds until the first piece of a reply that counts, one request after the other. */
export async function waitOf(
  { client }: Contestant,
  request: BenchRequest,
  count: number,
  counts: (piece: Buffer) => boolean = () => true,
): Promise<number> {
  const waits: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    let first: number | undefined;
    await client.send(request, (piece) => {
      if (first === undefined && counts(piece)) first = performance.now();
    });
    if (first === undefined) throw new Error("What was waited for never came.");
    waits.push(first - start);
  }
  waits.sort((left, right) => left - right);
  return percentile(waits, 0.5);
}
