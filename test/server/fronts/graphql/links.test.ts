import { describe, expect, test } from "vitest";
import { answerOf, openEngine, storeChain, storeSaid } from "./open-engine.ts";

type Node = { id: string };
type Edges = { nodes: Node[]; pageInfo?: { hasNextPage: boolean; endCursor: string } };

/**
 * A tree:
 *
 *     a ─ b ─ c ─ d
 *         └── x ─ y
 */
async function openTree() {
  const engine = openEngine();
  const [a, b, c, d] = await storeChain(engine.store, ["a", "b", "c", "d"]);
  const [x, y] = await storeChain(engine.store, ["x", "y"], b);
  const names = new Map([a, b, c, d, x, y].map(({ id }, place) => [id, "abcdxy"[place]]));
  const nameOf = (nodes: readonly Node[]) => nodes.map(({ id }) => names.get(id) ?? "?").join("");
  return { ...engine, a, b, c, d, x, y, nameOf };
}

describe("from an interaction", () => {
  test("leads a way to everything that it belongs with", async () => {
    const { ask, nameOf, c } = await openTree();
    const { interaction } = await ask<{ interaction: Record<string, never> }>(
      `query($id: ID!) {
        interaction(id: $id) {
          root { id } previous { id } chain { id } ancestors { id } rootId previousId
          next { nodes { id } } siblings { nodes { id } } descendants { nodes { id } }
          nearest: chain(limit: 2) { id } parents: ancestors(limit: 1) { id } none: chain(limit: 0) { id }
        }
      }`,
      { id: c.id },
    );
    const told = interaction as unknown as Record<string, Node[]> &
      Record<string, Edges> & { root: Node; previous: Node };
    expect(nameOf([told.root, told.previous])).toBe("ab");
    expect(nameOf(told.chain ?? [])).toBe("abc");
    expect(nameOf(told.ancestors ?? [])).toBe("ab");
    expect(nameOf(told.next?.nodes ?? [])).toBe("d");
    expect(nameOf(told.siblings?.nodes ?? [])).toBe("x");
    expect(nameOf(told.descendants?.nodes ?? [])).toBe("d");
    expect(nameOf(told.nearest ?? [])).toBe("bc");
    expect(nameOf(told.parents ?? [])).toBe("b");
    expect(told.none).toEqual([]);
  });

  test("that branches all branches go on, page by page", async () => {
    const { ask, nameOf, a, b } = await openTree();
    const query = `query($id: ID!, $after: Cursor) {
      interaction(id: $id) {
        next(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
        descendants(last: 3) { nodes { id } }
      }
    }`;
    type Told = { interaction: { next: Required<Edges>; descendants: Edges } };
    const first = await ask<Told>(query, { id: b.id });
    const { pageInfo } = first.interaction.next;
    const second = await ask<Told>(query, { id: b.id, after: pageInfo.endCursor });
    expect(nameOf([...first.interaction.next.nodes, ...second.interaction.next.nodes])).toBe("cx");
    expect([pageInfo.hasNextPage, second.interaction.next.pageInfo.hasNextPage]).toEqual([true, false]);
    expect(nameOf((await ask<Told>(query, { id: a.id })).interaction.descendants.nodes)).toBe("dxy");
  });

  test("whose root is gone leads what is still there", async () => {
    const { ask, nameOf, store, a, d } = await openTree();
    await store.remove(a.id);
    const { interaction } = await ask<{ interaction: { root: null; rootId: string; chain: Node[] } }>(
      "query($id: ID!) { interaction(id: $id) { root { id } rootId chain { id } } }",
      { id: d.id },
    );
    expect(interaction).toMatchObject({ root: null, rootId: a.id });
    expect(nameOf(interaction.chain)).toBe("bcd");
  });
});

describe("a diff", () => {
  const query = `query($left: ID!, $right: ID!) {
    diff(left: $left, right: $right) {
      commonAncestor { id }
      left { interactions { id } usage { interactions totalTokens } }
      right { interactions { id } }
      pairs { place sameInput sameOutput left { id } right { id } request { field left right } }
    }
  }`;
  type Told = {
    diff: {
      commonAncestor: Node | null;
      left: { interactions: Node[]; usage: object };
      right: { interactions: Node[] };
      pairs: object[];
    };
  };

  test("tells where two branches part, and how they differ from there", async () => {
    const { ask, nameOf, store, b, c } = await openTree();
    const links = { root_id: b.root_id, previous_id: b.id };
    const rerun = await storeSaid(
      store,
      "rerun",
      { asked: "Hello from c", output: [answerOf("Something else")], tokens: 5 },
      { ...links, model: "other", settings: { generation_config: { temperature: 1 } } },
    );
    const { diff } = await ask<Told>(query, { left: c.id, right: rerun.id });
    expect(nameOf([diff.commonAncestor ?? { id: "" }])).toBe("b");
    expect(diff.pairs).toEqual([
      {
        place: 1,
        sameInput: true,
        sameOutput: false,
        left: { id: c.id },
        right: { id: rerun.id },
        request: [
          { field: "model", left: "m", right: "other" },
          { field: "system_instruction", left: "Be brief.", right: null },
          { field: "labels", left: { team: "one" }, right: null },
          { field: "generation_config", left: null, right: { temperature: 1 } },
        ],
      },
    ]);
  });

  test("has pairs with one side where a branch is longer, and none where both are one", async () => {
    const { ask, nameOf, b, d, x } = await openTree();
    const { diff } = await ask<Told>(query, { left: d.id, right: x.id });
    expect(nameOf(diff.left.interactions)).toBe("cd");
    expect(nameOf(diff.right.interactions)).toBe("x");
    expect(diff.left.usage).toEqual({ interactions: 2, totalTokens: 0 });
    expect(diff.pairs[1]).toMatchObject({ place: 2, sameInput: false, right: null, request: [] });
    const same = await ask<Told>(query, { left: b.id, right: b.id });
    expect(same.diff).toMatchObject({ commonAncestor: { id: b.id }, pairs: [] });
    const below = await ask<Told>(query, { left: b.id, right: d.id });
    expect(nameOf(below.diff.right.interactions)).toBe("cd");
  });

  test("of strangers has no fork, and of what is not stored there is none", async () => {
    const { ask, answer, nameOf, store, b } = await openTree();
    const { id } = await storeSaid(store, "stranger");
    const { diff } = await ask<Told>(query, { left: b.id, right: id });
    expect(diff.commonAncestor).toBeNull();
    expect(nameOf(diff.left.interactions)).toBe("ab");
    const { errors } = await answer(query, { left: b.id, right: "v1_nothing" });
    expect(errors?.[0]).toMatchObject({
      message: "Interaction 'v1_nothing' was not found.",
      extensions: { code: "not_found" },
    });
  });
});
