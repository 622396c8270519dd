import { setTimeout as wait } from "node:timers/promises";
import { type Counts, loadMixed } from "./mixed-load.ts";
import type { ProcessLook, ServedProcess } from "./served-process.ts";

/** What a process held at a moment, `at` milliseconds after the load began. */
type Sample = ProcessLook & { at: number };

/** Milliseconds between two looks. */
const INTERVAL = 2_000;
/** Growth of memory over the second half that is still called none: collections of garbage move it more than that. */
const TOLERANCE = 0.05;
const HOUR = 3_600_000;

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
  return [memoryIsSteady(half), isSteady(half, "files"), isSteady(half, "threads")].every(Boolean);
}

function memoryIsSteady(half: readonly Sample[]): boolean {
  const { rise, share } = growth(half.map(({ at, memory }) => ({ at, value: memory })));
  const signed = (value: number) => `${value >= 0 ? "+" : ""}${value.toFixed(1)}`;
  console.log(`memory over the second half: ${signed(share * 100)} %, ${signed((rise * HOUR) / 2 ** 20)} MB per hour`);
  return share <= TOLERANCE;
}

/**
 * Files and threads are counted, and none may be left over: they come and go with requests, but what is held at the least
 * and at the most must not both be more in the last quarter than in the one before.
 */
function isSteady(half: readonly Sample[], member: "files" | "threads"): boolean {
  const middle = ((half[0]?.at ?? 0) + (half.at(-1)?.at ?? 0)) / 2;
  const range = (samples: readonly Sample[]) => {
    const values = samples.map((sample) => sample[member]);
    return { least: Math.min(...values), most: Math.max(...values) };
  };
  const before = range(half.filter(({ at }) => at < middle));
  const after = range(half.filter(({ at }) => at >= middle));
  console.log(
    `${member}: ${before.least} to ${before.most} in the third quarter, ${after.least} to ${after.most} in the last`,
  );
  return after.least <= before.least || after.most <= before.most;
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

/** How a straight line through some values rises: by the millisecond, and from first to last as a share of their mean. */
function growth(points: readonly { at: number; value: number }[]): { rise: number; share: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanAt = mean(points.map(({ at }) => at));
  const meanValue = mean(points.map(({ value }) => value));
  const spread = points.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  const rise = points.reduce((sum, { at, value }) => sum + (at - meanAt) * (value - meanValue), 0) / spread;
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  return { rise, share: (rise * span) / meanValue };
}
