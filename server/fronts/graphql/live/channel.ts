import { HubError } from "../../../../schema/core/error.ts";
import type { LiveSource, PlacedRoot } from "./live-source.ts";
import { nextTurn } from "./next-turn.ts";
import { createPayloadWindow, type Payload, type PayloadWindow } from "./payload-window.ts";
import { createReplayPages } from "./replay-pages.ts";

/** Who gets the payloads of a subscription, over whatever protocol. */
export type Reader = {
  /** Takes payloads in order. `false` says that it takes no more before its seat is told to resume. */
  take(payloads: readonly Payload[]): boolean;
  /** Nothing more comes. */
  end(): void;
  /** It cannot go on. */
  fail(error: unknown): void;
};

/** A reader's place in a channel: it holds a position and no payloads, however slow the reader is. */
export type Seat = {
  /** The reader takes payloads again. */
  resume(): void;
  /** The reader has gone. */
  leave(): void;
};

export type ChannelOptions<Root> = {
  source: LiveSource<Root>;
  /** Makes a payload of a root: once for all who read it at the same time. */
  execute(root: Root): Promise<string> | string;
  /** Told when the last reader has gone: nobody may join any more. */
  closed(): void;
};

/** One subscription that any number of readers share. */
export type Channel = { join(reader: Reader, start: number): Seat };

type Member = { reader: Reader; position: number; blocked: boolean; working: boolean; over: boolean };

/** Payloads that are given to one reader before others get a turn. */
const SLICE = 128;

/** Payloads that are given out to all readers before others get a turn. */
const BURST = 2000;

/** Characters of payloads that a reader is given before it is asked whether it takes more. */
const PORTION = 131_072;

export function createChannel<Root>({ source, execute, closed }: ChannelOptions<Root>): Channel {
  const controller = new AbortController();
  const members = new Set<Member>();
  /** Those who have everything so far: they get what comes as it comes. */
  const current = new Set<Member>();
  let window: PayloadWindow | undefined;
  let ended = false;

  const pageAfter = createReplayPages(async (after) => {
    const { roots, ...page } = await source.missed(after);
    return { ...page, payloads: await payloadsOf(roots) };
  });

  async function payloadsOf(roots: readonly PlacedRoot<Root>[]): Promise<Payload[]> {
    const payloads: Payload[] = [];
    for (const { position, root } of roots) {
      const text = execute(root);
      payloads.push({ position, text: typeof text === "string" ? text : await text });
    }
    return payloads;
  }

  function remove(member: Member): boolean {
    current.delete(member);
    if (!members.delete(member)) return false;
    if (members.size === 0) {
      controller.abort();
      closed();
    }
    return true;
  }

  function end(member: Member): void {
    if (remove(member)) member.reader.end();
  }

  function fail(member: Member, error: unknown): void {
    if (remove(member)) member.reader.fail(error);
  }

  /** Gives a member what of these it does not have yet, for as long as it takes it; says whether it has all now. */
  function give(member: Member, payloads: readonly Payload[]): boolean {
    const { position } = member;
    const due = (payloads[0]?.position ?? 0) > position ? payloads : payloads.filter((one) => one.position > position);
    for (const portion of portionsOf(due)) {
      member.position = portion.at(-1)?.position ?? member.position;
      if (member.reader.take(portion)) continue;
      member.blocked = true;
      current.delete(member);
      return portion.at(-1) === due.at(-1);
    }
    return true;
  }

  /** Reads on from a position for all members together. */
  async function follow(start: number, held: PayloadWindow): Promise<void> {
    try {
      for await (const roots of source.follow(start, controller.signal)) {
        const payloads = await payloadsOf(roots);
        held.add(payloads);
        let given = 0;
        for (const member of current) {
          give(member, payloads);
          given += payloads.length;
          if (given < BURST) continue;
          given = 0;
          await nextTurn();
        }
      }
      ended = true;
      for (const member of [...current]) end(member);
    } catch (error) {
      for (const member of [...members]) fail(member, error);
    }
  }

  /** One step of a member towards what there is now; resolves to whether there may be another one. */
  async function advance(member: Member): Promise<boolean> {
    const held = window?.after(member.position);
    if (held !== undefined && held.length > 0) {
      give(member, held.slice(0, SLICE));
      await nextTurn();
      return true;
    }
    if (held !== undefined) {
      if (ended) end(member);
      else current.add(member);
      return false;
    }
    const { payloads, upTo, ended: over } = await pageAfter(member.position);
    if (!members.has(member)) return false;
    const { position } = member;
    // What it did not take now, it gets from the next page.
    if (!give(member, payloads)) return false;
    member.position = Math.max(member.position, upTo);
    member.over = over;
    if (over) {
      if (!member.blocked) end(member);
      return false;
    }
    if (payloads.length > 0) await nextTurn();
    else if (window === undefined) {
      window = createPayloadWindow(member.position, source.latestOnly);
      follow(member.position, window);
    } else if (member.position === position && window.after(position) === undefined) {
      throw new HubError("interrupted", "What this reader has missed is not stored any more.");
    }
    return true;
  }

  async function catchUp(member: Member): Promise<void> {
    if (member.working) return;
    member.working = true;
    try {
      while (members.has(member) && !member.blocked && (await advance(member)));
    } catch (error) {
      fail(member, error);
    } finally {
      member.working = false;
    }
    // Somebody may have resumed it just when it was about to rest.
    if (members.has(member) && !member.blocked && !current.has(member)) catchUp(member);
  }

  return {
    join(reader, start) {
      const member: Member = { reader, position: start, blocked: false, working: false, over: false };
      members.add(member);
      catchUp(member);
      return {
        resume() {
          if (!member.blocked) return;
          member.blocked = false;
          if (member.over) end(member);
          else if (members.has(member)) catchUp(member);
        },
        leave: () => void remove(member),
      };
    },
  };
}

/** Payloads in portions that a reader can take at once: one at least, however long it is. */
function* portionsOf(payloads: readonly Payload[]): Generator<readonly Payload[], void, void> {
  let start = 0;
  let characters = 0;
  for (const [index, { text }] of payloads.entries()) {
    characters += text.length;
    if (characters < PORTION) continue;
    yield payloads.slice(start, index + 1);
    start = index + 1;
    characters = 0;
  }
  if (start < payloads.length) yield start === 0 ? payloads : payloads.slice(start);
}
