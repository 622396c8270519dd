import type { ServerEvent } from "../read-event-stream.ts";

/** How long a connection may take to come free after the last words, in milliseconds. */
const GRACE = 250;

/** Waits a little for the body of an answer to end: only then another request can use the connection. */
export async function comeFree(
  records: AsyncGenerator<ServerEvent[], void, void>,
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const timer = new AbortController();
  const nobody = (): void => {};
  await Promise.race([readOn(records).catch(nobody), sleep(GRACE, timer.signal).catch(nobody)]);
  timer.abort();
}

async function readOn(records: AsyncGenerator<ServerEvent[], void, void>): Promise<void> {
  for (let next = await records.next(); next.done !== true; next = await records.next());
}
