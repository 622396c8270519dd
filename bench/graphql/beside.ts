import type { Measurement } from "../measurement.ts";
import { summarise } from "../summary.ts";

/** The processor time of the hub for one of something, in microseconds, and that of another server in the same rounds. */
export type Rounds = { hub: number[]; other: number[] };

/** A line of the table that says in its name what another server needs. */
export function beside(
  name: string,
  other: string,
  rounds: Rounds,
  aim: (others: number) => number | undefined,
): Measurement {
  const [hub, theirs] = [summarise(rounds.hub), summarise(rounds.other)];
  const [needed, times] = [theirs.median.toFixed(theirs.median < 100 ? 1 : 0), (hub.median / theirs.median).toFixed(2)];
  const atMost = aim(theirs.median);
  return {
    name: `${name}, CPU (${other}: ${needed} µs; × ${times})`,
    unit: "µs",
    hub,
    ...(atMost === undefined ? {} : { target: { atMost } }),
  };
}
