import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Where the figures were taken, and how busy it was with other things: without that they say little. */
export function describeMachine(now: Date): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `${availableParallelism()} cores of ${model}, ${memory} GiB, ${process.platform}-${process.arch}, Node ${process.version}, ${now.toISOString().slice(0, 10)}, load ${load}`;
}
