import { expect, it } from "vitest";
import { rememberedList } from "../../../server/providers/remembered-list.ts";

it("waits for a server less long after it did not answer, until it does", async () => {
  const clock = { now: 0 };
  const asked: number[] = [];
  const answers = [false, false, true, true];
  const list = rememberedList({
    fresh: 60_000,
    context: { now: () => clock.now },
    async ask(patience) {
      asked.push(patience);
      if (answers.shift() !== true) throw new Error("too late");
      return [];
    },
  });
  for (const rest of [6_000, 6_000, 61_000, 0]) {
    await list().catch(() => {});
    clock.now += rest;
  }
  expect(asked).toEqual([10_000, 1_000, 1_000, 10_000]);
});
