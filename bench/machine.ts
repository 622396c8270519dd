import { availableParallelism, cpus, totalmem } from "node:os";

/** Where the figures were taken: without it they say nothing. */
export function describeMachine(now: Date): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores of ${model}, ${memory} GiB, ${process.platform}-${process.arch}, Node ${process.version}, ${now.toISOString().slice(0, 10)}`;
}
