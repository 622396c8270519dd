import type { Archive, InteractionHead, Page, PageRequest, UsageTotals } from "../../../schema/archive.ts";
import type { LoggedEvent } from "../../../schema/core/event.ts";
import type { Step } from "../../../schema/core/step.ts";
import { type Loader, loadTogether } from "./load-together.ts";

/** What an interaction says: both sides. */
export type Sides = { input: Step[]; output: Step[] };

/** A part of a log: at most `limit` events after a sequence. */
export type LogPart = { after: number; limit: number };

/**
 * The reads of one execution: whatever a list has members, each kind of thing is asked for once per level of the query, not
 * once per member.
 */
export type Loaders = {
  heads: Loader<InteractionHead>;
  sides: Loader<Sides>;
  chainUsage: Loader<UsageTotals>;
  children(page: PageRequest): Loader<Page<InteractionHead>>;
  descendants(page: PageRequest): Loader<Page<InteractionHead>>;
  chains(limit: number): Loader<InteractionHead[]>;
  events(part: LogPart): Loader<LoggedEvent[]>;
};

export function createLoaders(archive: Archive): Loaders {
  return {
    heads: loadTogether(async (ids) => {
      const heads = await archive.heads(ids);
      return new Map(heads.flatMap((head) => (head === undefined ? [] : [[head.id, head] as const])));
    }),
    sides: loadTogether((ids) => archive.steps(ids)),
    chainUsage: loadTogether((ids) => archive.chain_usage(ids)),
    children: byOptions((page) => loadTogether((ids) => archive.children(ids, page))),
    descendants: byOptions((page) => loadTogether((ids) => archive.descendants(ids, page))),
    chains: byOptions((limit) => loadTogether((ids) => archive.chains(ids, limit))),
    events: byOptions(({ after, limit }) => loadTogether((ids) => archive.events(ids, after, limit))),
  };
}

/** One loader for each way of asking. */
function byOptions<Options, Value>(create: (options: Options) => Loader<Value>): (options: Options) => Loader<Value> {
  const loaders = new Map<string, Loader<Value>>();
  return (options) => {
    const key = JSON.stringify(options);
    const loader = loaders.get(key) ?? create(options);
    loaders.set(key, loader);
    return loader;
  };
}
