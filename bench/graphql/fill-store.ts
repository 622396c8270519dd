import type { Storage } from "../../db/storage.ts";
import { blank } from "../../schema/core/fold.ts";
import { unfold } from "../../schema/core/unfold.ts";
import { createGeneratedChain, type GeneratedChain } from "./generated-chain.ts";
import { planChains, type StoreSize } from "./plan-chains.ts";
import { createSeededRandom } from "./seeded-random.ts";

const SEED = 20_261_126;

/** The year of the store: it is the same whenever it is made. */
const yearStart = Date.UTC(2025, 9, 1);
const YEAR = 365 * 86_400_000;

/** Interactions of one transaction. */
const BATCH = 5000;

/** What the queries need to know of the store: ids, and when everything in it began. */
export type StoreFacts = { longestChainTip: string; newest: string; from: number; to: number };

/** Writes interactions, in the order of their times, with the code by which the hub writes them. */
export async function fillStore(
  { commits, writer, texts }: Storage,
  size: StoreSize,
  progress: (written: number) => void,
): Promise<StoreFacts> {
  const random = createSeededRandom(SEED);
  const plan = planChains(random, size);
  const open = new Map<number, GeneratedChain>();
  const facts: StoreFacts = { longestChainTip: "", newest: "", from: yearStart, to: yearStart + YEAR };
  let written = 0;

  function writeOne(chain: number, isLast: boolean): void {
    const generated = open.get(chain) ?? createGeneratedChain(random, { forks: chain !== 0 });
    if (isLast) open.delete(chain);
    else open.set(chain, generated);
    const interaction = generated.next(yearStart + Math.floor((written / size.interactions) * YEAR));
    const events = unfold(interaction);
    const log = events.map((event, index) => ({
      sequence: index + 1,
      at: index === 0 ? interaction.created_at : interaction.updated_at,
      event,
    }));
    const key = writer.insert(blank(interaction), log.slice(0, 1));
    writer.finish(key, interaction, log.slice(1));
    written += 1;
    facts.newest = interaction.id;
    if (chain === 0) facts.longestChainTip = interaction.id;
  }

  while (written < size.interactions) {
    await commits.write(() => {
      for (let count = 0; count < BATCH; count += 1) {
        const next = plan.next();
        if (next.done === true) break;
        writeOne(next.value.chain, next.value.isLast);
      }
      while (texts.isBehind()) texts.advance();
    });
    progress(written);
  }
  return facts;
}
