/** Google's tiers in the words of the API. */
const tiers = new Map([
  ["standard", "default"],
  ["flex", "flex"],
  ["priority", "priority"],
] as const);

/** The tiers that can be asked for. */
export const serviceTiers: readonly string[] = [...tiers.keys()];

/** A tier in the words of the API; `undefined` where none is asked for, or one that is not known. */
export function serviceTierOf(name: string | undefined): "default" | "flex" | "priority" | undefined {
  return [...tiers].find(([tier]) => tier === name)?.[1];
}
