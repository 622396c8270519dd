import type { Store } from "../../db/store.ts";
import { HubError } from "../../schema/core/error.ts";
import type { LoggedEvent } from "../../schema/core/event.ts";
import { isTerminal } from "../../schema/core/interaction.ts";
import type { Doorbell, Ticket } from "./doorbell.ts";
import { nextTurn } from "./next-turn.ts";
import type { Run } from "./run.ts";

/** Events read at once: enough to be cheap, few enough that those who stall hold little. */
const PAGE = 128;

/** Pages of a replay between which nobody else gets a turn. */
const PAGES_PER_TURN = 2;

export type FollowOptions = {
  id: string;
  after: number;
  reader: AbortSignal;
  store: Store;
  doorbell: Doorbell;
  /** The run of this interaction while it runs. */
  runOf: () => Run | undefined;
};

/**
 * Replays the log after a sequence, then waits for more, until `finish`. It ends at once when `reader` aborts: `return()`
 * alone would hang until the next event.
 */
export async function* followLog(options: FollowOptions): AsyncGenerator<LoggedEvent[], void, void> {
  const { id, reader, store, doorbell } = options;
  const first = options.runOf();
  let after = options.after;
  let pages = 0;
  let ticket: Ticket | undefined;
  const leave = () => ticket?.giveBack();
  reader.addEventListener("abort", leave, { once: true });
  try {
    while (!reader.aborted) {
      // Before reading, both: what happens between the reading and the waiting has then been seen or will ring.
      const run = options.runOf();
      ticket = doorbell.take(id);
      const page = await store.events(id, after, PAGE);
      const last = page.at(-1);
      if (last !== undefined) {
        ticket.giveBack();
        after = last.sequence;
        yield page;
        if (last.event.type === "finish") return;
        // A store that answers at once, and a socket that takes all, would keep everybody else waiting to the log's end.
        pages += 1;
        if (pages % PAGES_PER_TURN === 0) await nextTurn();
      } else if (run !== undefined && !reader.aborted) {
        await ticket.rung;
      } else {
        if (!reader.aborted) await expectEnd(options, first);
        return;
      }
    }
  } finally {
    reader.removeEventListener("abort", leave);
    ticket?.giveBack();
  }
}

/** Nothing more comes. Where that is no end, rejects with the reason: its last events could not be stored, or nobody runs it. */
async function expectEnd({ store, id }: FollowOptions, run: Run | undefined): Promise<void> {
  const interaction = await store.head(id);
  if (interaction !== undefined && isTerminal(interaction.status)) return;
  await run?.ended;
  throw new HubError(
    "interrupted",
    "The log of this interaction breaks off: nothing runs it at this moment. A hub that serves goes on with it, or ends it.",
  );
}
