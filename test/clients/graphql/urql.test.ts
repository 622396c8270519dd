import { type AnyVariables, Client, fetchExchange, type OperationResult, subscriptionExchange } from "@urql/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { socketClient } from "../../cases/graphql-client.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { until } from "../../cases/until.ts";
import { type CreateData, createMutation, type EventsData, eventsSubscription, type ToldEvent } from "./documents.ts";
import { beginCount, storedEvents } from "./read-log.ts";

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub({ simulator: { token_interval_ms: 4, agent_step_ms: 0 } });
});
afterAll(() => hub.close());

const latest = "query Latest($first: Int) { interactions(first: $first) { totalCount nodes { id outputText } } }";

/** Every event until the subscription completes. */
async function watch(client: Client, id: string): Promise<ToldEvent[]> {
  const results: OperationResult<EventsData>[] = [];
  const { unsubscribe } = client
    .subscription<EventsData>(eventsSubscription, { id })
    .subscribe((result) => results.push(result));
  await until(() => results.some(({ hasNext, error }) => !hasNext || error !== undefined));
  unsubscribe();
  // It says that nothing more comes by giving the last result once more.
  return results.slice(0, -1).map(({ data, error }) => {
    if (data === undefined) throw error ?? new Error("a result with neither data nor error");
    return data.interactionEvents;
  });
}

describe("urql", () => {
  test.each([false, true, "force"] as const)("asks, and changes, with queries by GET: %s", async (preferGetMethod) => {
    const methods: unknown[] = [];
    const recorded: typeof fetch = (input, init) => {
      methods.push(init?.method);
      return fetch(input, init);
    };
    const client = new Client({
      url: `${hub.url}/graphql`,
      exchanges: [fetchExchange],
      preferGetMethod,
      fetch: recorded,
    });
    const input = { model: "simulator", input: "My name is Ada." };
    const created = await client.mutation<CreateData>(createMutation, { input }).toPromise();
    expect(created.error).toBeUndefined();
    const { id, outputText } = created.data?.createInteraction.interaction ?? {};
    const found = await client.query(latest, { first: 1 }).toPromise();
    expect(found.error).toBeUndefined();
    expect(found.data?.interactions.nodes).toEqual([{ __typename: "Interaction", id, outputText }].map(withoutType));
    expect(methods).toEqual(["POST", preferGetMethod === false ? "POST" : "GET"]);
  });

  test("subscribes by fetch alone", async () => {
    const client = new Client({
      url: `${hub.url}/graphql`,
      exchanges: [fetchExchange],
      fetchSubscriptions: true,
      preferGetMethod: false,
    });
    const id = await beginCount(hub.url, 30);
    expect(await watch(client, id)).toEqual(await storedEvents(hub.url, id));
  });

  test("subscribes over a WebSocket", async () => {
    const socket = socketClient(hub.url);
    const client = new Client({
      url: `${hub.url}/graphql`,
      preferGetMethod: false,
      exchanges: [
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: ({ query = "", variables }) => ({
            subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables: { ...variables } }, sink) }),
          }),
        }),
      ],
    });
    const id = await beginCount(hub.url, 30);
    expect(await watch(client, id)).toEqual(await storedEvents(hub.url, id));
    await socket.dispose();
  });

  test("gets what it defers later, and puts it together", async () => {
    const client = new Client({ url: `${hub.url}/graphql`, exchanges: [fetchExchange], preferGetMethod: false });
    const id = await beginCount(hub.url, 3);
    await until(async () => (await storedEvents(hub.url, id)).at(-1)?.type === "finish");
    const document = `query Deferred($id: ID!) {
      interaction(id: $id) { status ... on Interaction @defer { chain { outputText } } }
    }`;
    const results: OperationResult<unknown, AnyVariables>[] = [];
    const { unsubscribe } = client.query(document, { id }).subscribe((result) => results.push(result));
    await until(() => results.some(({ hasNext }) => !hasNext));
    unsubscribe();
    expect(results.at(-1)).toMatchObject({
      data: { interaction: { status: "completed", chain: [{ outputText: "1, 2, 3" }] } },
    });
    expect(results[0]?.data).toEqual({ interaction: { status: "completed" } });
    expect(results.every(({ error }) => error === undefined)).toBe(true);
  });

  test("reads the code of an error", async () => {
    const client = new Client({ url: `${hub.url}/graphql`, exchanges: [fetchExchange], preferGetMethod: false });
    const { error } = await client.query("{ interactions(first: -1) { nodes { id } } }", {}).toPromise();
    expect(error?.graphQLErrors[0]?.extensions).toMatchObject({ code: "invalid_request" });
  });
});

function withoutType({ __typename: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}
