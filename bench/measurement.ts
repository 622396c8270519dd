import type { Summary } from "./summary.ts";

/** What a figure must not go over or under. */
export type Target = { atMost: number } | { atLeast: number };

/** One line of the table: what was measured of the hub and, where that has a meaning, of the bare server. */
export type Measurement = {
  name: string;
  /** `/s` is a rate, of which more is better; nothing is a count. */
  unit: "µs" | "ms" | "s" | "MB" | "/s" | "";
  hub: Summary;
  bare?: Summary;
  target?: Target;
};

/** Whether the hub's median keeps the target. */
export function keepsTarget({ hub, target }: Measurement): boolean | undefined {
  if (target === undefined) return undefined;
  return "atMost" in target ? hub.median <= target.atMost : hub.median >= target.atLeast;
}
