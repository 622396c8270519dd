import { HubError } from "../../schema/core/error.ts";
import type { ProviderContext } from "./provider-context.ts";
import { upstreamFailure } from "./upstream-error.ts";
import { mayPass } from "./upstream-trouble.ts";

/** Times are milliseconds. */
export type AttemptOptions<T> = {
  /** Name of the upstream. */
  upstream: string;
  /** How many further attempts there may be. */
  retries: number;
  /** For all attempts together: who has had its time is not given it again, and whoever else may answer need not wait. */
  first_event_timeout: number;
  idle_timeout: number;
  /** Ends everything at once. */
  signal: AbortSignal;
  context: Pick<ProviderContext, "sleep" | "now" | "random" | "warn">;
  /** Asks the upstream; yields only where it has said something, best all at once that arrived together. */
  attempt(signal: AbortSignal): AsyncIterable<T>;
};

const FIRST_DELAY = 500;
const LONGEST_DELAY = 8_000;
/** Whoever is told to wait longer hears of it and waits himself, in seconds. */
const LONGEST_RETRY_AFTER = 10;

/**
 * Asks an upstream, and again while it has not said anything and the cause may pass: after as long as it asks for, or after
 * a delay that doubles. From its first words on nothing is asked twice. Silence longer than allowed ends the attempt; time
 * that the reader takes does not count. Throws a `HubError`.
 */
export async function* withAttempts<T>(options: AttemptOptions<T>): AsyncGenerator<T, void, void> {
  const { upstream, signal, context } = options;
  const until = context.now() + options.first_event_timeout;
  for (let retry = 0; ; retry += 1) {
    if (signal.aborted) throw upstreamFailure(upstream, signal.reason);
    const attempt = new Attempt(options, until);
    let answered = false;
    let delay: number | undefined;
    try {
      for (let result = await attempt.next(); result.done !== true; result = await attempt.next()) {
        answered = true;
        yield result.value;
      }
      return;
    } catch (error) {
      const failure = upstreamFailure(upstream, attempt.stopped ?? error);
      delay = answered || retry >= options.retries ? undefined : delayAfter(failure, retry, context.random());
      if (delay === undefined || context.now() + delay >= until || signal.aborted) throw failure;
      context.warn("An upstream is asked again.", { upstream, retry: retry + 1, delay, err: failure });
    } finally {
      attempt.stop();
    }
    await context.sleep(delay, signal).catch(() => {});
  }
}

/** Milliseconds until the next attempt; `undefined` if it would be of no use or comes too soon. */
function delayAfter(failure: HubError, retry: number, random: number): number | undefined {
  if (!mayPass(failure)) return undefined;
  if (failure.retryAfter !== undefined)
    return failure.retryAfter <= LONGEST_RETRY_AFTER ? failure.retryAfter * 1000 : undefined;
  // Spread, so that many who failed together do not come back together.
  return Math.min(FIRST_DELAY * 2 ** retry, LONGEST_DELAY) * (0.75 + random / 2);
}

/** One for all: an error with its stack for every attempt would cost more than reading its answer. */
const overReason = new HubError("cancelled", "The attempt is over.");

/** One attempt, which ends in time even where what it waits for never does. */
class Attempt<T> {
  /** Why it was ended from here; what it throws then is not news. */
  stopped: unknown;
  readonly #options: AttemptOptions<T>;
  readonly #controller = new AbortController();
  readonly #iterator: AsyncIterator<T>;
  readonly #abort = (): void => this.#end(this.#options.signal.reason);
  #answered = false;
  #over = false;
  /** When the silence has lasted too long; `Infinity` while nobody waits. */
  #due: number;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(options: AttemptOptions<T>, until: number) {
    this.#options = options;
    this.#due = until;
    this.#iterator = options.attempt(this.#controller.signal)[Symbol.asyncIterator]();
    options.signal.addEventListener("abort", this.#abort, { once: true });
    void this.#watch();
  }

  async next(): Promise<IteratorResult<T, unknown>> {
    if (this.stopped !== undefined) throw this.stopped;
    if (this.#answered) this.#due = this.#options.context.now() + this.#options.idle_timeout;
    // Not `Promise.race`, which would hang one more reaction on a promise that lives as long as the answer.
    const result = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
      this.#reject = reject;
      this.#iterator.next().then(resolve, reject);
    });
    this.#due = Number.POSITIVE_INFINITY;
    this.#answered = true;
    this.#over = result.done === true;
    return result;
  }

  /** Lets go of the upstream, whether it has ended or not. */
  stop(): void {
    this.#options.signal.removeEventListener("abort", this.#abort);
    this.#end(overReason);
    // A generator that waits for something answers only once that is there.
    if (!this.#over) this.#iterator.return?.().catch(() => {});
  }

  #end(reason: unknown): void {
    this.stopped ??= reason;
    this.#controller.abort(reason);
    this.#reject?.(reason);
  }

  /** One timer for the whole answer: what is said only moves the time at which it must be looked at again. */
  async #watch(): Promise<void> {
    const { idle_timeout, context } = this.#options;
    const { signal } = this.#controller;
    while (!signal.aborted) {
      // Never longer than the idle timeout: the first words may come while this sleeps.
      const left = this.#due - context.now();
      if (left <= 0) return this.#end(this.#late());
      await context.sleep(Math.min(left, idle_timeout), signal).catch(() => {});
    }
  }

  #late(): HubError {
    const { upstream, idle_timeout, first_event_timeout } = this.#options;
    const message = this.#answered
      ? `The upstream '${upstream}' fell silent for ${idle_timeout / 1000} s in the middle of its answer.`
      : `The upstream '${upstream}' did not answer within ${first_event_timeout / 1000} s.`;
    return new HubError("deadline_exceeded", message);
  }
}
