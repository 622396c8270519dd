import { HubError } from "../../../schema/core/error.ts";
import type { ServerEvent } from "../../read-event-stream.ts";
import type { ProviderContext } from "../provider-context.ts";

/** How long a connection may take to come free after the last words, in milliseconds. */
const GRACE = 250;

/** One for all: an error with its stack for every answer would cost more than reading its end. */
const freeReason = new HubError("cancelled", "The connection is free.");

/** Waits a little for the body of an answer to end: only then another request can use the connection. */
export async function comeFree(
  records: AsyncGenerator<ServerEvent[], void, void>,
  { sleep }: Pick<ProviderContext, "sleep">,
): Promise<void> {
  const isFree = readOn(records).then(
    () => true,
    () => true,
  );
  // Most often the end is here already, and a timer would cost more than looking.
  if (await Promise.race([isFree, nextTurn()])) return;
  const timer = new AbortController();
  await Promise.race([isFree, sleep(GRACE, timer.signal).catch(() => {})]);
  timer.abort(freeReason);
}

function nextTurn(): Promise<false> {
  return new Promise((resolve) => setImmediate(resolve, false));
}

async function readOn(records: AsyncGenerator<ServerEvent[], void, void>): Promise<void> {
  for (let next = await records.next(); next.done !== true; next = await records.next());
}
