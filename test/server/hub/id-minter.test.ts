import { describe, expect, test } from "vitest";
import { idsPerMillisecond, parseInteractionId } from "../../../schema/core/interaction-id.ts";
import { createIdMinter } from "../../../server/hub/id-minter.ts";

/** Random bytes that grow smaller, so that nothing but time and count can bring the order about. */
function fallingRandom() {
  let value = 63;
  return (bytes: number) => {
    value = (value + 63) % 64;
    return new Uint8Array(bytes).fill(value);
  };
}

function ownOf(id: string): string {
  const own = parseInteractionId(id)?.own;
  if (own === undefined) throw new Error(`not an id: ${id}`);
  return own;
}

function expectRising(ids: readonly string[]): void {
  const owns = ids.map(ownOf);
  const wrong = owns.findIndex((own, index) => index > 0 && own <= (owns[index - 1] ?? ""));
  expect(wrong).toBe(-1);
}

describe("ids that are made one after the other", () => {
  test("sort in that order within one millisecond", () => {
    const mint = createIdMinter(() => 1_750_000_000_000, fallingRandom());
    expectRising(Array.from({ length: 5000 }, () => mint()));
  });

  test("sort in that order when the clock steps back", () => {
    const times = [1000, 2000, 1500, 1, 1999, 2000, 2001, 5];
    const mint = createIdMinter(() => times.shift() ?? 0, fallingRandom());
    expectRising(Array.from({ length: 10 }, () => mint()));
  });

  test("sort in that order when a millisecond has no more room", () => {
    const mint = createIdMinter(() => 7, fallingRandom());
    const owns: string[] = [];
    for (let index = 0; index < idsPerMillisecond + 3; index += 1) {
      const id = mint();
      if (index >= idsPerMillisecond - 3) owns.push(id);
    }
    expectRising(owns);
  });

  test("name the root of their chain, and a first one is its own root", () => {
    const mint = createIdMinter(() => 9, fallingRandom());
    const root = mint();
    const child = mint(root);
    expect(parseInteractionId(root)?.root).toBe(ownOf(root));
    expect(parseInteractionId(child)?.root).toBe(ownOf(root));
    expect(ownOf(child)).not.toBe(ownOf(root));
  });
});
