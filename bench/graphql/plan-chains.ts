import type { SeededRandom } from "./seeded-random.ts";

/** Chains that go on at the same time. */
const OPEN_CHAINS = 400;

export type StoreSize = { interactions: number; chains: number; longestChain: number };

/** Which chain each interaction belongs to, by the chain's number, in the order of time. Number 0 is the longest one. */
export function* planChains(random: SeededRandom, size: StoreSize): Generator<{ chain: number; isLast: boolean }> {
  const left = chainLengths(random, size);
  const stride = Math.floor(size.interactions / size.longestChain);
  const open: number[] = [];
  let opened = 1;

  function nextOf(chain: number): { chain: number; isLast: boolean } {
    const rest = (left[chain] ?? 0) - 1;
    left[chain] = rest;
    return { chain, isLast: rest === 0 };
  }

  for (let place = 0; place < size.interactions; place += 1) {
    if (place % stride === 0 && (left[0] ?? 0) > 0) {
      yield nextOf(0);
      continue;
    }
    if (open.length < OPEN_CHAINS && opened < size.chains) {
      open.push(opened);
      opened += 1;
    }
    const index = random.below(open.length);
    const next = nextOf(open[index] ?? 0);
    yield next;
    if (!next.isLast) continue;
    const last = open.pop();
    if (last !== undefined && index < open.length) open[index] = last;
  }
}

/** Lengths that add up: most chains are short, some have several times the mean. */
function chainLengths(random: SeededRandom, { interactions, chains, longestChain }: StoreSize): number[] {
  const weights = Array.from({ length: chains - 1 }, () => -Math.log(1 - random.next()));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const spare = interactions - longestChain - weights.length;
  const lengths = [longestChain];
  let reached = 0;
  let given = 0;
  for (const [index, weight] of weights.entries()) {
    reached += weight;
    const until = index === weights.length - 1 ? spare : Math.floor((spare * reached) / sum);
    lengths.push(1 + until - given);
    given = until;
  }
  return lengths;
}
