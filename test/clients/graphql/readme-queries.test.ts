import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../schema/core/json.ts";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { exampleQueries } from "../../../server/fronts/graphql/example-queries.ts";
import { dataOf } from "../../cases/graphql-client.ts";
import { create } from "../../cases/http-client.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { weather } from "../suite-functions.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
const section = /<!-- queries -->(.*)<!-- \/queries -->/s.exec(readme)?.[1] ?? "";

/** The README's queries by their names. */
const queries = new Map(
  [...section.matchAll(/```graphql\n(.*?)```/gs)].map(([, query = ""]) => [
    /query (\w+)/.exec(query)?.[1] ?? "",
    query,
  ]),
);

/** Ids of what is asked about. */
type Seed = { root: string; first: string; second: string; changed: string; failed: string };

let hub: RunningHub;
let seed: Seed;
beforeAll(async () => {
  hub = await startTestHub();
  seed = await plant();
});
afterAll(() => hub.close());

async function say(input: JsonValue, members: JsonObject = {}): Promise<JsonObject> {
  const { status, body } = await create(hub.url, { model: "simulator", input, ...members });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** A chain that branches, tools that work and one that fails, and a run that fails. */
async function plant(): Promise<Seed> {
  const root = String((await say("My name is Ada.")).id);
  const behind = { previous_interaction_id: root };
  const first = String((await say("What is my name?", behind)).id);
  const second = String((await say("My favourite colour is bright teal.", { previous_interaction_id: first })).id);
  const other = { model: "gemini-3.8-flash", generation_config: { temperature: 0.2 } };
  const changed = String((await say("What is my name?", { ...behind, ...other })).id);
  const results: JsonObject[] = [{ result: "cloudless" }, { result: "no such place", is_error: true }];
  for (const result of results) {
    const asked = await say("What is the weather in Paris?", { tools: [weather] });
    const call = (asked.steps as JsonObject[]).find(({ type }) => type === "function_call");
    const answer = { type: "function_result", call_id: call?.id ?? null, name: "get_weather", ...result };
    await say([answer], { tools: [weather], previous_interaction_id: String(asked.id) });
  }
  await say("Search the web for the height of the Eiffel Tower", { tools: [{ type: "google_search" }] });
  const failing = { model: "simulator-fault-fail-3", input: "Hello", previous_interaction_id: second, stream: true };
  const response = await fetch(`${hub.url}/v1beta/interactions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(failing),
  });
  const failed = /"id":"([^"]+)"/.exec(await response.text())?.[1] ?? "";
  return { root, first, second, changed, failed };
}

function ask<Data>(name: string, variables: JsonObject = {}): Promise<Data> {
  return dataOf<Data>(hub.url, queries.get(name) ?? "", variables);
}

const totals = (interactions: number) => ({ interactions, totalTokens: expect.any(Number) });

describe("the queries of the README", () => {
  test("are six, and those that GraphiQL shows", () => {
    const shown = exampleQueries.map(({ query }) => query);
    expect([...queries.keys()]).toEqual(["ChainCost", "FailingTools", "Branches", "FailedToday", "Search", "Costs"]);
    for (const query of queries.values()) expect(shown).toContain(query);
  });

  test("tell what a chain cost", async () => {
    type Turn = { usage: { totalTokens: number }; errors: unknown[]; model: string; provider: string };
    type Answer = { interaction: { chain: Turn[]; chainUsage: { interactions: number; totalTokens: number } } };
    const { interaction } = await ask<Answer>("ChainCost", { id: seed.second });
    const { chain, chainUsage } = interaction;
    expect(chain).toMatchObject([{ id: expect.anything() }, {}, { model: "simulator", provider: "simulator" }]);
    expect(chainUsage).toMatchObject({ interactions: 3 });
    expect(chainUsage.totalTokens).toBe(chain.reduce((sum, { usage }) => sum + usage.totalTokens, 0));
    expect(chainUsage.totalTokens).toBeGreaterThan(0);
  });

  test("tell which tool fails most", async () => {
    expect(await ask("FailingTools")).toEqual({
      tools: [
        { tool: "function", name: "get_weather", calls: 2, failures: 1, failureRate: 0.5 },
        { tool: "google_search", name: "google_search", calls: 1, failures: 0, failureRate: 0 },
      ],
    });
  });

  test("tell what changed between two branches", async () => {
    const { diff } = await ask<JsonObject>("Branches", { left: seed.second, right: seed.changed });
    expect(diff).toMatchObject({
      commonAncestor: { outputText: expect.stringContaining("Ada") },
      pairs: [
        {
          sameInput: true,
          request: expect.arrayContaining([
            { field: "model", left: "simulator", right: "gemini-3.8-flash" },
            { field: "generation_config", left: null, right: { temperature: 0.2 } },
          ]),
          left: { model: "simulator", outputText: expect.stringContaining("Ada") },
          right: { model: "gemini-3.8-flash", outputText: expect.stringContaining("Ada") },
        },
        { right: null, left: { outputText: expect.any(String) } },
      ],
    });
  });

  test("tell which interactions failed today, and why", async () => {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    expect(await ask("FailedToday", { since })).toMatchObject({
      interactions: {
        totalCount: 1,
        nodes: [
          {
            model: "simulator-fault-fail-3",
            provider: "simulator",
            errors: [{ code: expect.any(String), message: expect.stringMatching(/\w/) }],
            previous: { outputText: expect.any(String) },
          },
        ],
      },
    });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await ask("FailedToday", { since: tomorrow })).toEqual({ interactions: { totalCount: 0, nodes: [] } });
  });

  test("find a phrase", async () => {
    type Answer = { search: { nodes: { snippet: string; side: string }[] } };
    const found = await ask<Answer>("Search", { text: '"favourite colour is bright"' });
    expect(found.search.nodes).toContainEqual(
      expect.objectContaining({ side: "input", snippet: expect.stringContaining("**") }),
    );
    const otherOrder = await ask<Answer>("Search", { text: '"bright favourite"' });
    expect(otherOrder.search.nodes).toEqual([]);
  });

  test("tell what each model cost on each day", async () => {
    const { usage } = await ask<{ usage: JsonObject[] }>("Costs");
    expect(usage).toMatchObject([
      { model: "gemini-3.8-flash", ...totals(1) },
      { model: "simulator", ...totals(8) },
      { model: "simulator-fault-fail-3", ...totals(1) },
    ]);
    for (const { day } of usage) expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
