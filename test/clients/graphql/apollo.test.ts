import { ApolloClient, type ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { dataOf, socketClient } from "../../cases/graphql-client.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { until } from "../../cases/until.ts";
import { type CreateData, createMutation, type EventsData, eventsSubscription, type ToldEvent } from "./documents.ts";
import { beginCount, loadOf, nothingOpen, storedEvents } from "./read-log.ts";

let hub: RunningHub;
/** Which types each union and interface can be, as Apollo wants to be told. */
let possibleTypes: Record<string, string[]>;
beforeAll(async () => {
  hub = await startTestHub({ simulator: { token_interval_ms: 4, agent_step_ms: 0 } });
  const { __schema } = await dataOf<{
    __schema: { types: { name: string; possibleTypes: { name: string }[] | null }[] };
  }>(hub.url, "{ __schema { types { name possibleTypes { name } } } }");
  possibleTypes = Object.fromEntries(
    __schema.types.map((type) => [type.name, (type.possibleTypes ?? []).map(({ name }) => name)]),
  );
});
afterAll(() => hub.close());

function clientOf(link: ApolloLink = new HttpLink({ uri: `${hub.url}/graphql` })): ApolloClient {
  return new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes }) });
}

/** Every event until the subscription completes. */
function watch(client: ApolloClient, id: string): Promise<ToldEvent[]> {
  const query = gql(eventsSubscription);
  const told: ToldEvent[] = [];
  return new Promise((resolve, reject) => {
    client.subscribe<EventsData>({ query, variables: { id }, fetchPolicy: "no-cache" }).subscribe({
      next: ({ data, error }) => {
        if (error) reject(error);
        if (data) told.push(data.interactionEvents);
      },
      error: reject,
      complete: () => resolve(told),
    });
  });
}

describe("Apollo Client", () => {
  test("asks, changes, and has what it changed under its global id", async () => {
    const client = clientOf();
    const input = { model: "simulator", input: "My name is Ada." };
    const created = await client.mutate<CreateData>({ mutation: gql(createMutation), variables: { input } });
    const id = created.data?.createInteraction.interaction?.id;
    expect(created.data?.createInteraction).toMatchObject({ interaction: { status: "completed" } });

    const query = gql`query One($id: ID!) { interaction(id: $id) { id labels { key value } } }`;
    const seen: unknown[] = [];
    const watched = client.watchQuery<{ interaction: { labels: unknown[] } }>({ query, variables: { id } });
    const watching = watched.subscribe(({ data, dataState }) => {
      if (dataState === "complete") seen.push(data.interaction.labels);
    });
    await until(() => seen.length === 1);
    const mutation = gql`mutation Label($id: ID!) {
      setLabels(id: $id, labels: [{ key: "team", value: "red" }]) {
        ... on SetLabelsSuccess { interaction { id labels { key value } } }
      }
    }`;
    await client.mutate({ mutation, variables: { id } });
    await until(() => seen.length === 2);
    watching.unsubscribe();
    expect(seen).toEqual([[], [{ __typename: "Label", key: "team", value: "red" }]]);
  });

  test("subscribes over a WebSocket", async () => {
    const socket = socketClient(hub.url);
    const client = clientOf(new GraphQLWsLink(socket));
    const id = await beginCount(hub.url, 30);
    // It asks for the type of everything besides.
    expect(await watch(client, id)).toMatchObject(await storedEvents(hub.url, id));
    await socket.dispose();
  });

  test("subscribes over HTTP, in parts", async () => {
    const types: unknown[] = [];
    const recorded: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      types.push(response.headers.get("content-type"));
      return response;
    };
    const client = clientOf(new HttpLink({ uri: `${hub.url}/graphql`, fetch: recorded }));
    const id = await beginCount(hub.url, 30);
    // It asks for the type of everything besides.
    expect(await watch(client, id)).toMatchObject(await storedEvents(hub.url, id));
    expect(types).toEqual([expect.stringMatching(/^multipart\/mixed;.*subscriptionSpec/)]);
  });

  test("is told over both why a subscription is refused, and leaves nothing behind", async () => {
    const socket = socketClient(hub.url);
    for (const link of [new HttpLink({ uri: `${hub.url}/graphql` }), new GraphQLWsLink(socket)]) {
      const refused = watch(clientOf(link), "nobody");
      await expect(refused).rejects.toMatchObject({ errors: [{ extensions: { code: "not_found" } }] });
      await expect(refused).rejects.toBeInstanceOf(CombinedGraphQLErrors);
    }
    await socket.dispose();
    await until(async () => JSON.stringify(await loadOf(hub.url)) === JSON.stringify(nothingOpen));
  });
});
