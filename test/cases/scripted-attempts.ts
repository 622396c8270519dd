import { type AttemptOptions, withAttempts } from "../../server/providers/attempts.ts";
import type { TestClock } from "./test-clock.ts";

export type Script = (signal: AbortSignal) => AsyncIterable<string>;

export type Reading = { said: string[]; failure: unknown; done: boolean; result: Promise<void> };

export function startAttempts(clock: TestClock, scripts: Script[], options: Partial<AttemptOptions<string>> = {}) {
  const signals: AbortSignal[] = [];
  const warnings: object[] = [];
  const attempts = withAttempts<string>({
    upstream: "local",
    retries: 2,
    first_event_timeout: 10_000,
    idle_timeout: 5_000,
    signal: new AbortController().signal,
    context: {
      sleep: clock.sleep,
      now: () => clock.time,
      random: () => 0.5,
      warn: (_, details) => warnings.push(details),
    },
    attempt(signal) {
      const script = scripts[signals.length];
      signals.push(signal);
      if (script === undefined) throw new Error("asked too often");
      return script(signal);
    },
    ...options,
  });
  return { attempts, signals, warnings };
}

/** Reads attempts to their end, or to where they fail. */
export function startReading(clock: TestClock, scripts: Script[], options: Partial<AttemptOptions<string>> = {}) {
  const { attempts, ...others } = startAttempts(clock, scripts, options);
  const reading: Reading = { said: [], failure: undefined, done: false, result: Promise.resolve() };
  reading.result = (async () => {
    try {
      for await (const word of attempts) reading.said.push(word);
    } catch (error) {
      reading.failure = error;
    }
    reading.done = true;
  })();
  return { reading, ...others };
}

export const says = (...words: string[]): Script =>
  async function* () {
    yield* words;
  };

export const fails = (error: unknown, ...before: string[]): Script =>
  async function* () {
    yield* before;
    throw error;
  };

/** Waits for ever, deaf to its signal. */
export const hangs = (...before: string[]): Script =>
  async function* () {
    yield* before;
    await new Promise(() => {});
  };
