import { describe, expect, test } from "vitest";
import type { Step } from "../../../../schema/core/step.ts";
import { answerOf, openEngine, storeSaid } from "./open-engine.ts";

const called = (call_id: string, failed: boolean): Step[] => [
  { type: "tool_call", tool: "function", call_id, name: "weather", arguments: { place: "Lisboa" } },
  { type: "tool_result", tool: "function", call_id, name: "weather", is_error: failed },
];

describe("a search", () => {
  const query = `query($text: String!, $filter: InteractionFilter, $first: Int, $after: Cursor) {
    search(text: $text, filter: $filter, first: $first, after: $after) {
      bounded
      nodes {
        side index snippet marked: snippet(open: "<b>", close: "</b>") fragments { text matched }
        interaction { outputText } step { __typename }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;
  type Hit = { side: string; snippet: string; step: { __typename: string }; interaction: { outputText: string } };
  type Found = { search: { nodes: Hit[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };

  async function open() {
    const engine = openEngine();
    await storeSaid(engine.store, "one", {
      asked: "Where is the harbour?",
      output: [answerOf("The harbour is in the south.")],
    });
    await storeSaid(engine.store, "two", {
      asked: "And the weather?",
      output: [...called("c", false), answerOf("Mild.")],
    });
    return engine;
  }

  test("finds what was said and what tools were asked, and marks where", async () => {
    const { ask } = await open();
    const { search } = await ask<Found>(query, { text: "lisbo*" });
    expect(search).toEqual({
      bounded: false,
      nodes: [
        {
          side: "output",
          index: 0,
          snippet: expect.stringContaining("**Lisboa**"),
          marked: expect.stringContaining("<b>Lisboa</b>"),
          fragments: expect.arrayContaining([{ text: "Lisboa", matched: true }]),
          interaction: { outputText: "Mild." },
          step: { __typename: "ToolCall" },
        },
      ],
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
    });
  });

  test("comes in pages, and only from where a filter lets it", async () => {
    const { ask } = await open();
    const first = await ask<Found>(query, { text: '"the harbour"', first: 1 });
    expect(first.search.pageInfo.hasNextPage).toBe(true);
    const second = await ask<Found>(query, { text: '"the harbour"', first: 1, after: first.search.pageInfo.endCursor });
    expect(new Set([first, second].map(({ search }) => search.nodes[0]?.side))).toEqual(new Set(["input", "output"]));
    const { search } = await ask<Found>(query, { text: "the", filter: { tool: ["weather"] } });
    expect(search.nodes.map(({ snippet }) => snippet)).toEqual(["And **the** weather?"]);
    expect((await ask<Found>(query, { text: '"" *' })).search.nodes).toEqual([]);
  });
});

describe("usage", () => {
  async function open() {
    const engine = openEngine();
    const day = 24 * 60 * 60 * 1000;
    await storeSaid(
      engine.store,
      "one",
      { tokens: 3_000_000_000 },
      { created_at: day, settings: { labels: { team: "a" } } },
    );
    await storeSaid(
      engine.store,
      "two",
      { tokens: 5 },
      { created_at: day, model: "other", settings: { labels: { team: "b" } } },
    );
    await storeSaid(engine.store, "three", { tokens: 7, status: "failed" }, { created_at: 2 * day, settings: {} });
    return engine;
  }

  test("is one total, or told apart by what is asked for, also where it is more than 32 bits", async () => {
    const { ask } = await open();
    expect(await ask("{ usage { interactions totalTokens day } }")).toEqual({
      usage: [{ interactions: 3, totalTokens: 3_000_000_012, day: null }],
    });
    expect(await ask("{ usage(groupBy: [day, model]) { day model totalTokens } }")).toEqual({
      usage: [
        { day: "1970-01-02", model: "m", totalTokens: 3_000_000_000 },
        { day: "1970-01-02", model: "other", totalTokens: 5 },
        { day: "1970-01-03", model: "m", totalTokens: 7 },
      ],
    });
    const byLabel = await ask<{ usage: object[] }>(
      '{ usage(groupBy: [label], label: "team", filter: { status: [completed] }) { label interactions } }',
    );
    expect(byLabel.usage).toEqual(
      expect.arrayContaining([
        { label: "a", interactions: 1 },
        { label: "b", interactions: 1 },
      ]),
    );
  });

  test("by a label needs its key", async () => {
    const { answer } = await open();
    const { errors } = await answer("{ usage(groupBy: [label]) { label } }");
    expect(errors?.[0]?.extensions.code).toBe("invalid_request");
  });

  test("of tools tells which one fails, and how often", async () => {
    const { ask, store } = await open();
    await storeSaid(store, "four", { output: [...called("c1", true), ...called("c2", false)] });
    expect(await ask("{ tools { tool name calls results failures failureRate } }")).toEqual({
      tools: [{ tool: "function", name: "weather", calls: 2, results: 2, failures: 1, failureRate: 0.5 }],
    });
  });
});
