import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { upstreamHttpError } from "../../../server/providers/upstream-error.ts";
import { fails, hangs, type Script, says, startAttempts, startReading } from "../../cases/scripted-attempts.ts";
import { settle, TestClock } from "../../cases/test-clock.ts";

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
    const { reading, signals } = startReading(clock, [fails(busy({ "retry-after": "10" })), says("a")], {
      first_event_timeout: 60_000,
    });
    await clock.pass(9_999);
    expect(signals).toHaveLength(1);
    await clock.pass(1);
    expect(reading.said).toEqual(["a"]);
  });

  it("pass a wait on that would last beyond the time for all of them", async () => {
    const clock = new TestClock();
    const { reading } = startReading(clock, [fails(busy({ "retry-after": "10" })), says("a")]);
    await settle();
    expect(reading.failure).toMatchObject({ code: "rate_limit_exceeded", retryAfter: 10 });
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
