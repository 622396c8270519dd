import { describe, expect, test } from "vitest";
import { loadTogether } from "../../../../server/fronts/graphql/load-together.ts";

/** A loader of lengths, and the keys of each of its calls. */
function lengths() {
  const calls: string[][] = [];
  const loader = loadTogether(async (keys) => {
    calls.push([...keys]);
    return new Map(keys.filter((key) => key !== "").map((key) => [key, key.length]));
  });
  return { calls, loader };
}

describe("what is loaded together", () => {
  test("is what is asked for in one turn, also behind promises that are there already", async () => {
    const { calls, loader } = lengths();
    const later = Promise.resolve()
      .then(() => {})
      .then(() => loader.load("ccc"));
    expect(await Promise.all([loader.load("a"), loader.load("bb"), loader.load("a"), later])).toEqual([1, 2, 1, 3]);
    expect(calls).toEqual([["a", "bb", "ccc"]]);
  });

  test("is loaded once", async () => {
    const { calls, loader } = lengths();
    expect([await loader.load("a"), await loader.load("a")]).toEqual([1, 1]);
    expect(calls).toEqual([["a"]]);
  });

  test("is undefined where there is none, and an error for all who asked where it cannot be loaded", async () => {
    expect(await lengths().loader.load("")).toBeUndefined();
    const broken = loadTogether(() => Promise.reject(new Error("broken")));
    const asked = await Promise.allSettled([broken.load("a"), broken.load("b")]);
    expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
