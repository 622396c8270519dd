import { describe, expect, test } from "vitest";
import { openEngine, storeChain } from "./open-engine.ts";

/** Everything that belongs to an interaction and is read for itself. */
const deep = `{
  interactions(first: 100) {
    nodes {
      id
      turns { role text }
      steps { ... on StepPlace { index } }
      outputText
      chainUsage { totalTokens }
      chain { id outputText }
      ancestors { id }
      previous { id turns { text } previous { id } }
      root { id outputText }
      next(first: 5) { nodes { id outputText next(first: 5) { nodes { id steps { __typename } } } } }
      siblings { nodes { id } }
      descendants(first: 5) { nodes { id outputText } }
      events(first: 10) { nodes { cursor } pageInfo { hasNextPage } }
    }
  }
}`;

describe("what is asked of the archive", () => {
  test("grows with the depth of a query and not with its rows", async () => {
    const { store, ask, calls } = openEngine({ limits: { tokens: 1000, depth: 10, aliases: 0, cost: 1_000_000 } });
    await storeChain(store, ["a1", "a2", "a3"]);
    await ask(deep);
    const few = calls();
    for (let tree = 0; tree < 10; tree += 1) {
      const [root] = await storeChain(store, [`r${tree}`, `s${tree}`, `t${tree}`]);
      await storeChain(store, [`u${tree}`, `v${tree}`], root);
    }
    calls();
    const { interactions } = await ask<{ interactions: { nodes: object[] } }>(deep);
    expect(interactions.nodes).toHaveLength(53);
    expect(calls()).toEqual(few);
    expect(Object.values(few).every((count) => count <= 5)).toBe(true);
  });

  test("is one call for a page of plain fields", async () => {
    const { store, ask, calls } = openEngine();
    await storeChain(store, ["a1", "a2", "a3"]);
    await ask("{ interactions { nodes { id status model createdAt labels { key value } request } } }");
    expect(calls()).toEqual({ list: 1 });
  });

  test("is one call for many ids, however often each is given", async () => {
    const { store, ask, calls } = openEngine();
    const ids = (await storeChain(store, ["a1", "a2", "a3"])).map(({ id }) => id);
    const query =
      "query($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id } interaction(id: $id) { id } node(id: $id) { id } }";
    await ask(query, { ids: [...ids, ...ids, "nothing"], id: ids[0] });
    expect(calls()).toEqual({ heads: 1 });
  });

  test("is nothing for what is not selected", async () => {
    const { store, ask, calls } = openEngine();
    await storeChain(store, ["a1"]);
    await ask(
      "query($with: Boolean!) { interactions { nodes { id outputText @include(if: $with) } totalCount @include(if: $with) } }",
      {
        with: false,
      },
    );
    expect(calls()).toEqual({ list: 1 });
  });
});
