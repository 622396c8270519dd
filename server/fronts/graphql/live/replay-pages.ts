import type { Payload } from "./payload-window.ts";

/** A stretch of the past. `lasting` says that it reads the same whenever it is read. */
export type ReplayPage = { payloads: readonly Payload[]; upTo: number; ended: boolean; lasting: boolean };

/** Pages that are kept: a crowd that replays together is within them. */
const MOST_PAGES = 32;

/** Reads stretches of the past, each once for all who want it at the same time. */
export function createReplayPages(
  read: (after: number) => Promise<ReplayPage>,
): (after: number) => Promise<ReplayPage> {
  const pages = new Map<number, Promise<ReplayPage>>();
  return (after) => {
    const known = pages.get(after);
    if (known !== undefined) return known;
    const page = read(after);
    pages.set(after, page);
    const forget = () => {
      if (pages.get(after) === page) pages.delete(after);
    };
    page.then(({ lasting }) => lasting || forget(), forget);
    const [oldest] = pages.keys();
    if (pages.size > MOST_PAGES && oldest !== undefined) pages.delete(oldest);
    return page;
  };
}
