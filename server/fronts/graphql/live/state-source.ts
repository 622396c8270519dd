import { setTimeout as wait } from "node:timers/promises";
import type { LoggedEvent } from "../../../../schema/core/event.ts";
import { foldLog } from "../../../../schema/core/fold.ts";
import { type Interaction, isTerminal } from "../../../../schema/core/interaction.ts";
import type { Sources } from "../context.ts";
import { hashEvent } from "../hash-media.ts";
import type { InteractionSource } from "../interaction-source.ts";
import { missing } from "../missing.ts";
import { type PlacedRoot, type SourceStream, sourceStream } from "./live-source.ts";

/** Milliseconds between two states: more than twenty a second nobody sees. */
const INTERVAL = 50;

/** An interaction as it grows: its state at once, then whenever it has changed, at last its end. Rejects if it is not stored. */
export async function stateSource(id: string, sources: Sources): Promise<SourceStream<InteractionSource>> {
  await stateOf(id, sources);
  return sourceStream({
    topic: `state ${id}`,
    start: 0,
    latestOnly: true,
    missed: (upTo) => Promise.resolve({ roots: [], upTo, ended: false, lasting: false }),
    follow: (_position, gone) => states(id, sources, gone),
  });
}

async function* states(
  id: string,
  sources: Sources,
  gone: AbortSignal,
): AsyncGenerator<PlacedRoot<InteractionSource>[], void, void> {
  const stored = await stateOf(id, sources);
  let position = 1;
  if (isTerminal(stored.status)) {
    yield [{ position, root: stored }];
    return;
  }
  let state: Interaction = { ...stored, output: [] };
  const pages = sources.hub.follow(id, 0, gone);
  let next = pages.next();
  try {
    for (;;) {
      // The first page is waited for, the others are taken as far as they are there.
      let page: IteratorResult<LoggedEvent[], void> | undefined = await next;
      while (page !== undefined && page.done !== true) {
        state = foldLog(state, page.value.map(hashEvent));
        next = pages.next();
        page = await atOnce(next);
      }
      yield [{ position, root: state }];
      if (page?.done === true || isTerminal(state.status)) return;
      position += 1;
      await wait(INTERVAL, undefined, { signal: gone }).catch(() => {});
    }
  } finally {
    next.catch(() => {});
    await pages.return();
  }
}

/** What a promise resolves to if it does so in this turn. */
async function atOnce<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))]);
}

async function stateOf(id: string, { archive }: Sources): Promise<Interaction> {
  const [[head = missing(id)], steps] = await Promise.all([archive.heads([id]), archive.steps([id])]);
  return { ...head, ...(steps.get(id) ?? missing(id)) };
}
