import { describe, expect, it } from "vitest";
import { HubError } from "../../../schema/core/error.ts";
import { fails, hangs, type Script, says, startAttempts, startReading } from "../../cases/scripted-attempts.ts";
import { TestClock } from "../../cases/test-clock.ts";

describe("an attempt that is silent", () => {
  it("before its first words is given up after the first timeout, and not asked again", async () => {
    const clock = new TestClock();
    const { reading, signals } = startReading(clock, [hangs(), says("a")]);
    await clock.pass(9_999);
    expect(reading.done).toBe(false);
    await clock.pass(1);
    expect(reading).toMatchObject({ said: [], done: true, failure: { code: "deadline_exceeded" } });
    expect(signals).toHaveLength(1);
    expect(signals[0]?.aborted).toBe(true);
    expect(clock.sleeping).toBe(0);
  });

  it("before its first words has what the attempts before it have left of the first timeout", async () => {
    const clock = new TestClock();
    const busy: Script = async function* (signal) {
      await clock.sleep(6_000, signal);
      yield* fails(new HubError("unavailable", "Busy."))(signal);
    };
    const { reading, signals } = startReading(clock, [busy, hangs(), says("a")]);
    await clock.pass(6_500);
    expect(signals).toHaveLength(2);
    await clock.pass(3_499);
    expect(reading.done).toBe(false);
    await clock.pass(1);
    expect(reading).toMatchObject({ said: [], done: true, failure: { code: "deadline_exceeded" } });
    expect(signals).toHaveLength(2);
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
