import type { Store } from "../../db/store.ts";

/** Where a log ends: the sequence of its last event, and whether its last step is open. */
export type LogEnd = { sequence: number; open: boolean };

/** Events read at once. */
const PAGE = 1000;

/** Looks for the end of a log. */
export async function readLogEnd(store: Store, id: string): Promise<LogEnd> {
  const end: LogEnd = { sequence: 0, open: false };
  for (;;) {
    const page = await store.events(id, end.sequence, PAGE);
    if (page.length === 0) return end;
    for (const { sequence, event } of page) {
      end.sequence = sequence;
      if (event.type === "step.start") end.open = true;
      else if (event.type === "step.stop") end.open = false;
    }
  }
}
