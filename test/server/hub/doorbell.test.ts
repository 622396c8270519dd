import { describe, expect, test } from "vitest";
import { createDoorbell } from "../../../server/hub/doorbell.ts";

describe("a ticket", () => {
  test("that was taken before the ring hears it, also when it only waits afterwards", async () => {
    const doorbell = createDoorbell();
    const ticket = doorbell.take("a");
    doorbell.ring("a");
    await ticket.rung;
    expect(doorbell.waiting()).toBe(0);
  });

  test("hears only the bell of its own interaction", async () => {
    const doorbell = createDoorbell();
    let rung = false;
    void doorbell.take("a").rung.then(() => {
      rung = true;
    });
    doorbell.ring("b");
    await Promise.resolve();
    expect(rung).toBe(false);
    expect(doorbell.waiting()).toBe(1);
  });

  test("lets whoever waits go on when it is given back, and can be given back twice", async () => {
    const doorbell = createDoorbell();
    const [one, other] = [doorbell.take("a"), doorbell.take("a")];
    one.giveBack();
    one.giveBack();
    await one.rung;
    expect(doorbell.waiting()).toBe(1);
    const later = doorbell.take("a");
    other.giveBack();
    expect(doorbell.waiting()).toBe(1);
    doorbell.ring("a");
    await later.rung;
    expect(doorbell.waiting()).toBe(0);
  });

  test("that is taken for a ring is not that of the one who takes it while it rings", async () => {
    const doorbell = createDoorbell();
    const first = doorbell.take("a");
    doorbell.ring("a");
    const second = doorbell.take("a");
    await first.rung;
    expect(doorbell.waiting()).toBe(1);
    second.giveBack();
  });
});
