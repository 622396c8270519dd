import { getIntrospectionQuery } from "graphql";
import { describe, expect, test } from "vitest";
import { openEngine, storeChain } from "./open-engine.ts";

const limits = { tokens: 60, depth: 5, aliases: 2, cost: 300 };

/** The codes with which an operation is refused. */
async function codesOf(query: string, variables = {}, changed: Partial<typeof limits> = {}): Promise<unknown[]> {
  const { answer } = openEngine({ limits: { ...limits, ...changed } });
  const { errors = [] } = await answer(query, variables);
  return errors.map(({ extensions }) => extensions.code);
}

describe("a document", () => {
  test("has at most so many tokens, and a longer one is not read to its end", async () => {
    expect(await codesOf(`{ ${"__typename ".repeat(58)} }`)).toEqual([]);
    expect(await codesOf(`{ ${"__typename ".repeat(59)} }`)).toEqual(["GRAPHQL_TOKENS_LIMIT"]);
    expect(await codesOf(`{ ${"__typename ".repeat(59)} ]]]`)).toEqual(["GRAPHQL_TOKENS_LIMIT"]);
  });

  test("has at most so many aliases, also in fragments that nothing spreads more than once", async () => {
    expect(await codesOf("{ a: __typename b: __typename }")).toEqual([]);
    expect(await codesOf("{ a: __typename ...F } fragment F on Query { b: __typename c: __typename }")).toEqual([
      "GRAPHQL_ALIASES_LIMIT",
    ]);
  });

  test("is at most so deep, through fragments too", async () => {
    expect(await codesOf("{ interactions { nodes { previous { previous { id } } } } }")).toEqual([]);
    expect(await codesOf("{ interactions { nodes { previous { previous { root { id } } } } } }")).toEqual([
      "GRAPHQL_DEPTH_LIMIT",
    ]);
    const fragments = `{ interactions { nodes { ...A } } }
      fragment A on Interaction { previous { ...B } }
      fragment B on Interaction { previous { root { id } } }`;
    expect(await codesOf(fragments)).toEqual(["GRAPHQL_DEPTH_LIMIT"]);
    expect(await codesOf(fragments, {}, { depth: 6 })).toEqual([]);
  });

  test("in which fragments spread themselves is refused as such", async () => {
    const circle = "{ interactions { nodes { ...A } } } fragment A on Interaction { previous { ...A } }";
    expect(await codesOf(circle)).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
  });

  test("of thousands of equal fields does not keep the server busy", async () => {
    const { answer } = openEngine();
    const begun = performance.now();
    const { errors } = await answer(`{ ${"interactions { nodes { id } } ".repeat(500)} }`);
    expect(errors?.length).toBeGreaterThan(0);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test("that GraphiQL asks for the schema with is within the limits unless they are changed", async () => {
    const { answer } = openEngine();
    const { errors, data } = await answer(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }));
    expect(errors).toBeUndefined();
    expect(data).toHaveProperty("__schema");
  });
});

describe("an operation", () => {
  test("may ask for at most so many objects, by its pages and what is in them", async () => {
    const query = "query($first: Int) { interactions(first: $first) { nodes { id previous { id } } } }";
    expect(await codesOf(query, { first: 149 })).toEqual([]);
    expect(await codesOf(query, { first: 150 })).toEqual(["GRAPHQL_COST_LIMIT"]);
    expect(
      await codesOf("query($first: Int = 500) { interactions(first: $first) { nodes { previous { id } } } }"),
    ).toEqual(["GRAPHQL_COST_LIMIT"]);
    expect(await codesOf("{ interactions(last: 500) { edges { node { previous { id } } } } }")).toEqual([
      "GRAPHQL_COST_LIMIT",
    ]);
  });

  test("counts pages within pages, chains without a limit, and fragments as often as they are spread", async () => {
    expect(await codesOf("{ interactions(first: 10) { nodes { next(first: 30) { nodes { id } } } } }")).toEqual([
      "GRAPHQL_COST_LIMIT",
    ]);
    expect(await codesOf('{ interaction(id: "x") { chain { id } } }')).toEqual([]);
    expect(await codesOf('{ interaction(id: "x") { chain { previous { id } } } }')).toEqual(["GRAPHQL_COST_LIMIT"]);
    expect(await codesOf('{ interaction(id: "x") { chain(limit: 100) { previous { id } } } }')).toEqual([]);
    const spread = (times: number) =>
      `{ interaction(id: "x") { ${"...A ".repeat(times)} } } fragment A on Interaction { chain(limit: 50) { previous { id } } }`;
    expect(await codesOf(spread(2))).toEqual([]);
    expect(await codesOf(spread(8))).toEqual(["GRAPHQL_COST_LIMIT"]);
  });

  test("that doubles itself through fragments is counted quickly", async () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) =>
        `fragment F${level} on Interaction { a: previous { ...F${level + 1} } b: root { ...F${level + 1} } }`,
    );
    const query = `{ interaction(id: "x") { ...F0 } } ${levels.join(" ")} fragment F60 on Interaction { id }`;
    const begun = performance.now();
    expect(await codesOf(query, {}, { tokens: 5000, depth: 500, aliases: 500 })).toEqual(["GRAPHQL_COST_LIMIT"]);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test("is judged before anything is read, and says which setting it is over", async () => {
    const { answer, calls, store } = openEngine({ limits });
    await storeChain(store, ["a"]);
    const { errors, data } = await answer("{ interactions(first: 1000) { nodes { outputText } } }");
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toMatch(/about \d+ objects, more than 300\. \(graphql\.cost\)$/);
    expect(calls()).toEqual({});
  });
});

describe("the schema", () => {
  test("is not told where introspection is off", async () => {
    const { answer } = openEngine({ introspection: false });
    const { errors } = await answer("{ __schema { types { name } } }");
    expect(errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect((await answer("{ __typename }")).errors).toBeUndefined();
  });
});
