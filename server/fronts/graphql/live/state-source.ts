import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Archive } from "../../../../schema/archive.ts";
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
  const { archive } = sources;
  // Before reading: what changes afterwards rings.
  let ticket = archive.next_change();
  let position = 1;
  const pages = sources.hub.follow(id, 0, gone);
  let next: Watched<IteratorResult<LoggedEvent[], void>> | undefined;
  try {
    const stored = await stateOf(id, sources);
    if (isTerminal(stored.status)) {
      yield [{ position, root: stored }];
      return;
    }
    let state: Interaction = { ...stored, output: [] };
    next = watched(pages.next());
    for (;;) {
      // The first page is waited for, or a change beside the log; the other pages are taken as far as they are there.
      const isLogged = await next.settlesBefore(ticket.rung);
      let page = isLogged ? await next.promise : undefined;
      while (page !== undefined && page.done !== true) {
        state = foldLog(state, page.value.map(hashEvent));
        next = watched(pages.next());
        page = await atOnce(next.promise);
      }
      ticket.giveBack();
      ticket = archive.next_change();
      const labelled = await withLabels(state, archive);
      if (isLogged || labelled !== state) {
        state = labelled;
        yield [{ position, root: state }];
        if (page?.done === true || isTerminal(state.status)) return;
        position += 1;
      }
      await wait(INTERVAL, undefined, { signal: gone }).catch(() => {});
    }
  } finally {
    ticket.giveBack();
    await pages.return();
  }
}

/** A promise that is waited for many times: every `Promise.race` would leave something behind with it until it settles. */
type Watched<Value> = { promise: Promise<Value>; settlesBefore(other: Promise<void>): Promise<boolean> };

function watched<Value>(promise: Promise<Value>): Watched<Value> {
  let isSettled = false;
  let wake = () => {};
  const settle = () => {
    isSettled = true;
    wake();
  };
  promise.then(settle, settle);
  return {
    promise,
    settlesBefore: (other) =>
      new Promise((resolve) => {
        if (isSettled) resolve(true);
        wake = () => resolve(true);
        other.then(() => resolve(isSettled));
      }),
  };
}

/** The labels are no part of the log: they can be others at any time. The same object if they are the same. */
async function withLabels(state: Interaction, archive: Archive): Promise<Interaction> {
  const [head] = await archive.heads([state.id]);
  if (head === undefined || isDeepStrictEqual(head.settings.labels, state.settings.labels)) return state;
  return { ...state, settings: { ...state.settings, labels: head.settings.labels } };
}

/** What a promise resolves to if it does so in this turn. */
async function atOnce<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))]);
}

async function stateOf(id: string, { archive }: Sources): Promise<Interaction> {
  const [[head = missing(id)], steps] = await Promise.all([archive.heads([id]), archive.steps([id])]);
  return { ...head, ...(steps.get(id) ?? missing(id)) };
}
