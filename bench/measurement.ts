import type { Summary } from "./summary.ts";

/** What a figure must not go over or under. */
export type Target = { atMost: number } | { atLeast: number };

/** One line of the table: what was measured of the hub and, where that has a meaning, of what it is compared with. */
export type Measurement = {
  name: string;
  /** `/s` is a rate, of which more is better; nothing is a count. */
  unit: "µs" | "ms" | "s" | "MB" | "/s" | "";
  hub: Summary;
  /** A server that answers the same bytes. */
  bare?: Summary;
  /** A server that hands on what the upstream answers. */
  pipe?: Summary;
  /** The upstream called by the client itself: the client's cost, where the others' is the server's. */
  direct?: Summary;
  target?: Target;
};

/** Whether the hub's median keeps the target. */
export function keepsTarget({ hub, target }: Measurement): boolean | undefined {
  if (target === undefined) return undefined;
  return "atMost" in target ? hub.median <= target.atMost : hub.median >= target.atLeast;
}
