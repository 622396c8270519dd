import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { type AttemptOptions, withAttempts } from "../../../server/providers/attempts.ts";
import { upstreamHttpError } from "../../../server/providers/upstream-error.ts";

/** A clock that a test turns. */
class TestClock {
  time = 1_000_000;
  #sleepers = new Set<{ due: number; wake: () => void }>();
  /** Every wait that was asked for. */
  readonly waits: number[] = [];

  sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      this.waits.push(milliseconds);
      const sleeper = { due: this.time + milliseconds, wake: () => resolve() };
      this.#sleepers.add(sleeper);
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort, { once: true });
    });

  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets so many milliseconds pass, and everything happen that waits for them. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settle();
      const [next] = [...this.#sleepers].sort((one, other) => one.due - other.due);
      if (next === undefined || next.due > end) break;
      this.time = next.due;
      this.#sleepers.delete(next);
      next.wake();
    }
    this.time = end;
    await settle();
  }
}

/** Lets every promise go on that can. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

type Script = (signal: AbortSignal) => AsyncIterable<string>;

type Reading = { said: string[]; failure: unknown; done: boolean; result: Promise<void> };

function startAttempts(clock: TestClock, scripts: Script[], options: Partial<AttemptOptions<string>> = {}) {
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
function startReading(clock: TestClock, scripts: Script[], options: Partial<AttemptOptions<string>> = {}) {
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

const says = (...words: string[]): Script =>
  async function* () {
    yield* words;
  };

const fails = (error: unknown, ...before: string[]): Script =>
  async function* () {
    yield* before;
    throw error;
  };

/** Waits for ever, deaf to its signal. */
const hangs = (...before: string[]): Script =>
  async function* () {
    yield* before;
    await new Promise(() => {});
  };

const busy = (headers: Record<string, string> = {}) => upstreamHttpError("local", 429, new Headers(headers), "");
const refused = () => upstreamHttpError("local", 400, new Headers(), "");

describe("attempts", () => {
  it("pass everything on, in order, and leave no timer behind", async () => {
    const clock = new TestClock();
    const { reading, signals } = startReading(clock, [says("a", "b", "c")]);
    await reading.result;
    await settle();
    expect(reading).toMatchObject({ said: ["a", "b", "c"], failure: undefined });
    expect(signals).toHaveLength(1);
    expect(clock.sleeping).toBe(0);
  });

  it("ask again after delays that double, until there is an answer", async () => {
    const clock = new TestClock();
    const { reading, signals, warnings } = startReading(clock, [fails(busy()), fails(busy()), says("a")]);
    await clock.pass(499);
    expect(signals).toHaveLength(1);
    await clock.pass(1);
    expect(signals).toHaveLength(2);
    await clock.pass(999);
    expect(signals).toHaveLength(2);
    await clock.pass(1);
    expect(reading.said).toEqual(["a"]);
    expect(warnings).toMatchObject([
      { upstream: "local", retry: 1, delay: 500 },
      { upstream: "local", retry: 2, delay: 1000 },
    ]);
  });

  it("spread their delays", async () => {
    for (const [random, delay] of [
      [0, 375],
      [0.999_999, 625],
    ] as const) {
      const clock = new TestClock();
      const context = { sleep: clock.sleep, now: () => clock.time, random: () => random, warn: () => {} };
      startReading(clock, [fails(busy()), says("a")], { context });
      await settle();
      expect(Math.round(clock.waits.at(-1) ?? 0)).toBe(delay);
    }
  });

  it("give up after so many retries, with the last failure", async () => {
    const clock = new TestClock();
    const last = busy();
    const { reading, signals } = startReading(clock, [fails(busy()), fails(busy()), fails(last)]);
    await clock.pass(60_000);
    expect(signals).toHaveLength(3);
    expect(reading.failure).toBe(last);
  });

  it("wait for as long as the upstream asks for, up to ten seconds", async () => {
    const clock = new TestClock();
    const { reading, signals } = startReading(clock, [fails(busy({ "retry-after": "10" })), says("a")]);
    await clock.pass(9_999);
    expect(signals).toHaveLength(1);
    await clock.pass(1);
    expect(reading.said).toEqual(["a"]);
  });

  it("pass a longer wait on to whoever asked, at once", async () => {
    const clock = new TestClock();
    const { reading } = startReading(clock, [fails(busy({ "retry-after": "11" })), says("a")]);
    await settle();
    expect(reading.failure).toMatchObject({ code: "rate_limit_exceeded", retryAfter: 11 });
  });

  it("do not ask again where the cause stays", async () => {
    const clock = new TestClock();
    const { reading, signals } = startReading(clock, [fails(refused()), says("a")]);
    await settle();
    expect(reading.failure).toMatchObject({ code: "invalid_request" });
    expect(signals).toHaveLength(1);
  });

  it("do not ask again once there was an answer", async () => {
    const clock = new TestClock();
    const broken = Object.assign(new TypeError("terminated"), { cause: new Error("other side closed") });
    const { reading, signals } = startReading(clock, [fails(broken, "a"), says("b")]);
    await clock.pass(60_000);
    expect(reading.said).toEqual(["a"]);
    expect(reading.failure).toMatchObject({ code: "upstream_error", message: expect.stringContaining("broke off") });
    expect(signals).toHaveLength(1);
  });

  it("end as cleanly as the answer does, also where that is empty", async () => {
    const { reading } = startReading(new TestClock(), [says()]);
    await reading.result;
    expect(reading).toMatchObject({ said: [], failure: undefined });
  });
});

describe("an attempt that is silent", () => {
  it("before its first words is given up after the first timeout, and another one made", async () => {
    const clock = new TestClock();
    const { reading, signals } = startReading(clock, [hangs(), says("a")]);
    await clock.pass(9_999);
    expect(signals[0]?.aborted).toBe(false);
    await clock.pass(1);
    expect(signals[0]?.aborted).toBe(true);
    await clock.pass(500);
    expect(reading.said).toEqual(["a"]);
  });

  it("before its first words is given up in time where that timeout is the shorter one", async () => {
    const clock = new TestClock();
    const { reading } = startReading(clock, [hangs()], { retries: 0, first_event_timeout: 1_000 });
    await clock.pass(1_000);
    expect(reading.failure).toMatchObject({
      code: "deadline_exceeded",
      message: "The upstream 'local' did not answer within 1 s.",
    });
  });

  it("in the middle is ended after the idle timeout, though it is deaf, and not asked again", async () => {
    const clock = new TestClock();
    const { reading, signals } = startReading(clock, [hangs("a"), says("b")]);
    await clock.pass(4_999);
    expect(reading.done).toBe(false);
    await clock.pass(1);
    expect(reading).toMatchObject({ said: ["a"], done: true });
    expect(reading.failure).toMatchObject({
      code: "deadline_exceeded",
      message: "The upstream 'local' fell silent for 5 s in the middle of its answer.",
    });
    expect(signals[0]?.aborted).toBe(true);
    expect(clock.sleeping).toBe(0);
  });

  it("is not one as long as it says something in time", async () => {
    const clock = new TestClock();
    const slow: Script = async function* (signal) {
      for (const word of ["a", "b", "c", "d"]) {
        await clock.sleep(4_000, signal);
        yield word;
      }
    };
    const { reading } = startReading(clock, [slow]);
    await clock.pass(16_000);
    expect(reading).toMatchObject({ said: ["a", "b", "c", "d"], failure: undefined, done: true });
  });

  it("is not one while its reader takes its time", async () => {
    const clock = new TestClock();
    const { attempts, signals } = startAttempts(clock, [says("a", "b")]);
    expect(await attempts.next()).toEqual({ done: false, value: "a" });
    await clock.pass(60_000);
    expect(signals[0]?.aborted).toBe(false);
    expect(await attempts.next()).toEqual({ done: false, value: "b" });
  });
});

describe("whoever asks", () => {
  it("ends an attempt at once by the signal, though it is deaf", async () => {
    const clock = new TestClock();
    const controller = new AbortController();
    const { reading, signals } = startReading(clock, [hangs("a")], { signal: controller.signal });
    await settle();
    const reason = new HubError("cancelled", "Enough.");
    controller.abort(reason);
    await reading.result;
    expect(reading.failure).toBe(reason);
    expect(signals[0]?.reason).toBe(reason);
    expect(clock.sleeping).toBe(0);
  });

  it("ends an attempt at once by the signal, also while it reads nothing", async () => {
    const clock = new TestClock();
    const controller = new AbortController();
    const { attempts } = startAttempts(clock, [hangs("a")], { signal: controller.signal });
    await attempts.next();
    controller.abort();
    await expect(attempts.next()).rejects.toMatchObject({ code: "cancelled" });
  });

  it("ends the wait for another attempt at once, which is then not made", async () => {
    const clock = new TestClock();
    const controller = new AbortController();
    const { reading, signals } = startReading(clock, [fails(busy()), says("a")], { signal: controller.signal });
    await settle();
    controller.abort();
    await reading.result;
    expect(reading.failure).toMatchObject({ code: "cancelled" });
    expect(signals).toHaveLength(1);
    expect(clock.sleeping).toBe(0);
  });

  it("makes no attempt by a signal that has aborted before", async () => {
    const { reading, signals } = startReading(new TestClock(), [says("a")], { signal: AbortSignal.abort() });
    await reading.result;
    expect(reading.failure).toMatchObject({ code: "cancelled" });
    expect(signals).toHaveLength(0);
  });

  it("lets go of the upstream by leaving", async () => {
    const clock = new TestClock();
    let released = false;
    const releases: Script = async function* () {
      try {
        yield* ["a", "b"];
      } finally {
        released = true;
      }
    };
    const { signal } = new AbortController();
    const { attempts, signals } = startAttempts(clock, [releases], { signal });
    await attempts.next();
    await attempts.return();
    expect(signals[0]?.aborted).toBe(true);
    await settle();
    expect(released).toBe(true);
    expect(clock.sleeping).toBe(0);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("hears of a mistake in the attempt itself as of an internal error", async () => {
    const { reading } = startReading(new TestClock(), [fails(new TypeError("undefined is not a function"))]);
    await reading.result;
    expect(reading.failure).toMatchObject({ code: "internal" });
  });
});
