import { describe, expect, test } from "vitest";
import {
  type ChannelOptions,
  createChannel,
  type Reader,
  type Seat,
} from "../../../../../server/fronts/graphql/live/channel.ts";
import { settle } from "../../../../cases/scripted-hub.ts";
import { until } from "../../../../cases/until.ts";
import { createGrowingSource, type GrowingSource } from "./growing-source.ts";

/** A channel whose payloads are the numbers themselves, and what is made for it. */
function open(source: GrowingSource, execute: ChannelOptions<number>["execute"] = String) {
  const made: number[] = [];
  let closed = 0;
  const channel = createChannel({
    source,
    execute: (root: number) => {
      made.push(root);
      return execute(root);
    },
    closed: () => {
      closed += 1;
    },
  });
  return {
    made,
    closed: () => closed,
    join: (start = 0, takes = () => true) => createReader(channel.join, start, takes),
  };
}

type TestReader = { seat: Seat; got: number[]; ended: boolean; error: unknown; takes: () => boolean };

function createReader(join: (reader: Reader, start: number) => Seat, start: number, takes: () => boolean): TestReader {
  const told = {
    got: [] as number[],
    ended: false,
    error: undefined as unknown,
    takes,
    seat: { resume() {}, leave() {} },
  };
  told.seat = join(
    {
      take(payloads) {
        told.got.push(...payloads.map(({ text }) => Number(text)));
        return told.takes();
      },
      end() {
        told.ended = true;
      },
      fail(error) {
        told.error = error;
      },
    },
    start,
  );
  return told;
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("a channel", () => {
  test("gives each reader everything from where it begins, in order and once", async () => {
    const source = createGrowingSource({ page: 3 });
    const channel = open(source);
    source.grow(10);
    const whole = channel.join();
    const middle = channel.join(4);
    await until(() => whole.got.length === 10 && middle.got.length === 6);
    source.grow(2);
    const late = channel.join(11);
    const behind = channel.join();
    await until(() => behind.got.length === 12 && late.got.length === 1);
    source.grow(1);
    source.finish();
    await until(() => [whole, middle, late, behind].every(({ ended }) => ended));
    expect(whole.got).toEqual(upTo(13));
    expect(middle.got).toEqual(upTo(13, 5));
    expect(late.got).toEqual([12, 13]);
    expect(behind.got).toEqual(upTo(13));
    expect(source.followers).toBe(0);
  });

  test("makes what comes once for all who read it, however many they are", async () => {
    const source = createGrowingSource();
    const channel = open(source);
    const readers = Array.from({ length: 50 }, () => channel.join());
    await settle();
    for (let round = 0; round < 20; round += 1) {
      source.grow(3);
      await settle(2);
    }
    source.finish();
    await until(() => readers.every(({ ended }) => ended));
    for (const { got } of readers) expect(got).toEqual(upTo(60));
    expect(channel.made).toEqual(upTo(60));
  });

  test("makes the past once for a crowd that reads it together", async () => {
    const source = createGrowingSource({ page: 10 });
    source.grow(95);
    source.finish();
    const channel = open(source);
    const readers = Array.from({ length: 50 }, () => channel.join());
    await until(() => readers.every(({ ended }) => ended));
    for (const { got } of readers) expect(got).toEqual(upTo(95));
    expect(channel.made).toEqual(upTo(95));
    expect(source.reads).toBeLessThan(20);
  });

  test("holds nothing for a reader that takes no more, and gives it the rest when it does", async () => {
    const source = createGrowingSource({ page: 50 });
    const channel = open(source);
    const quick = channel.join();
    const slow = channel.join();
    await settle();
    source.grow(5);
    await until(() => slow.got.length === 5);
    slow.takes = () => false;
    source.grow(1);
    await until(() => slow.got.length === 6);
    source.grow(2000);
    await until(() => quick.got.length === 2006);
    expect(slow.got).toEqual(upTo(6));
    slow.takes = () => true;
    slow.seat.resume();
    await until(() => slow.got.length === 2006);
    source.grow(4);
    source.finish();
    await until(() => quick.ended && slow.ended);
    expect(slow.got).toEqual(upTo(2010));
  });

  test("ends a reader that takes no more only when it has everything", async () => {
    const source = createGrowingSource();
    const channel = open(source);
    const reader = channel.join(0, () => false);
    await settle();
    source.grow(1);
    await until(() => reader.got.length === 1);
    source.grow(2);
    source.finish();
    await settle();
    expect(reader).toMatchObject({ got: [1], ended: false });
    for (let look = 0; look < 3; look += 1) {
      reader.seat.resume();
      await settle();
    }
    expect(reader).toMatchObject({ got: [1, 2, 3], ended: true });
  });

  test("gives only the latest where only that counts", async () => {
    const source = createGrowingSource({ latestOnly: true });
    const channel = open(source);
    const first = channel.join();
    await settle();
    source.grow(5);
    await until(() => first.got.length === 1);
    const second = channel.join();
    await until(() => second.got.length === 1);
    first.takes = () => false;
    source.grow(1);
    await settle();
    source.grow(1);
    await settle();
    first.takes = () => true;
    first.seat.resume();
    await settle();
    expect(first.got).toEqual([5, 6, 7]);
    expect(second.got).toEqual([5, 6, 7]);
    source.finish();
    await until(() => first.ended && second.ended);
  });

  test("stops at once when the last reader leaves, and is closed once", async () => {
    const source = createGrowingSource();
    const channel = open(source);
    const readers = [channel.join(), channel.join()];
    source.grow(1);
    await until(() => readers.every(({ got }) => got.length === 1));
    expect(source.followers).toBe(1);
    for (const { seat } of readers) seat.leave();
    expect(channel.closed()).toBe(1);
    await settle();
    expect(source.followers).toBe(0);
    for (const { seat } of readers) {
      seat.leave();
      seat.resume();
    }
    source.grow(1);
    await settle();
    expect(readers.map(({ got, ended }) => ({ got, ended }))).toEqual(Array(2).fill({ got: [1], ended: false }));
    expect(channel.closed()).toBe(1);
  });

  test("fails all readers when its source does, and one alone whose past is gone", async () => {
    const source = createGrowingSource();
    const channel = open(source);
    const [one, other] = [channel.join(), channel.join()];
    await settle();
    source.fail(new Error("broken"));
    await until(() => one.error !== undefined && other.error !== undefined);
    expect([one.error, other.error]).toEqual([new Error("broken"), new Error("broken")]);
    expect(channel.closed()).toBe(1);

    const gapped = createGrowingSource({ page: 10 });
    const kept = open(gapped);
    const present = kept.join();
    await settle();
    gapped.grow(1000);
    await until(() => present.got.length === 1000);
    gapped.missed = async (after) => ({ roots: [], upTo: after, ended: false, lasting: false });
    const late = kept.join();
    await until(() => late.error !== undefined);
    expect(late.error).toMatchObject({ code: "interrupted" });
    gapped.grow(1);
    await until(() => present.got.length === 1001);
  });

  test("keeps the order where making a payload takes its time", async () => {
    const source = createGrowingSource();
    const channel = open(source, async (root) => {
      if (root % 2 === 1) await settle(2);
      return String(root);
    });
    const reader = channel.join();
    await settle();
    source.grow(6);
    source.finish();
    await until(() => reader.ended);
    expect(reader.got).toEqual(upTo(6));
  });
});
