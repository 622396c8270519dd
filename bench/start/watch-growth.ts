import { setTimeout as wait } from "node:timers/promises";
import { type Counts, loadMixed } from "./mixed-load.ts";
import type { ProcessLook, ServedProcess } from "./served-process.ts";

/** What a process held at a moment, `at` milliseconds after the load began. */
type Sample = ProcessLook & { at: number };

/** Milliseconds between two looks. */
const INTERVAL = 2_000;
/** Growth over the second half that is still called none: collections of garbage move memory more than that. */
const TOLERANCE = 0.05;

/** Loads a hub for some milliseconds, prints what it holds, ten times, and returns whether that stopped growing. */
export async function watchGrowth(server: ServedProcess, length: number): Promise<boolean> {
  const counts: Counts = { creates: 0, streams: 0, queries: 0, subscriptions: 0, removals: 0 };
  const stop = new AbortController();
  let failure: unknown;
  const load = loadMixed(server.url, stop.signal, counts).catch((error: unknown) => {
    failure = error;
  });
  const begun = performance.now();
  const samples: Sample[] = [];
  console.log("  at        memory    files  threads  creates  streams  queries  subscriptions  removals");
  let printed = 0;
  while (failure === undefined && performance.now() - begun < length) {
    await wait(Math.min(INTERVAL, length / 50));
    const at = performance.now() - begun;
    samples.push({ at, ...server.look() });
    if (at < ((printed + 1) * length) / 10) continue;
    printed += 1;
    printLine(
      samples.filter((sample) => sample.at > at - length / 10),
      at,
      counts,
    );
  }
  stop.abort();
  await load;
  if (failure !== undefined) throw failure;
  const half = samples.filter(({ at }) => at >= length / 2);
  const members = ["memory", "files", "threads"] as const;
  const grown = members.map((member) => growth(half.map((sample) => ({ at: sample.at, value: sample[member] }))));
  for (const [index, member] of members.entries()) {
    const share = grown[index] ?? 0;
    console.log(`${member} over the second half: ${share >= 0 ? "+" : ""}${(share * 100).toFixed(1)} %`);
  }
  return grown.every((share) => share <= TOLERANCE);
}

function printLine(samples: readonly Sample[], at: number, counts: Counts): void {
  const mean = (member: keyof ProcessLook) => samples.reduce((sum, one) => sum + one[member], 0) / samples.length;
  const cells = [
    `${(at / 60_000).toFixed(1)} min`.padStart(9),
    `${(mean("memory") / 2 ** 20).toFixed(1)} MB`.padStart(9),
    mean("files").toFixed(1).padStart(7),
    mean("threads").toFixed(0).padStart(7),
    String(counts.creates).padStart(7),
    String(counts.streams).padStart(7),
    String(counts.queries).padStart(7),
    String(counts.subscriptions).padStart(13),
    String(counts.removals).padStart(8),
  ];
  console.log(cells.join("  "));
}

/** By how much a straight line through some values rises from its first to its last, as a share of their mean. */
function growth(points: readonly { at: number; value: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanAt = mean(points.map(({ at }) => at));
  const meanValue = mean(points.map(({ value }) => value));
  const spread = points.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  const slope = points.reduce((sum, { at, value }) => sum + (at - meanAt) * (value - meanValue), 0) / spread;
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  return (slope * span) / meanValue;
}
