import { ServerTrouble } from "./server-trouble.ts";

/**
 * Gives work so many milliseconds. Once they are over or the signal has aborted, it rejects with the reason, whatever the
 * work itself then throws; the work is told by a signal of its own, which is not used any more when it has ended.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  const overdue = () =>
    controller.abort(new ServerTrouble("deadline_exceeded", `gave no answer within ${inWords(milliseconds)}`));
  const timer = setTimeout(overdue, milliseconds);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function inWords(milliseconds: number): string {
  return milliseconds < 1_000 ? `${milliseconds} milliseconds` : `${milliseconds / 1_000} seconds`;
}
