import { type EventsData, eventsSubscription, type ToldEvent } from "./documents.ts";

/** What the clients of graphql-ws and of graphql-sse have in common. */
type Subscriber = {
  iterate<Data extends Record<string, unknown>>(request: {
    query: string;
    variables: Record<string, unknown>;
  }): AsyncIterable<{ data?: Data | null; errors?: unknown }>;
};

/** Events of an interaction as they come, from its beginning or from behind a cursor, until the subscription completes. */
export async function* watchEvents(
  client: Subscriber,
  id: string,
  after?: string,
): AsyncGenerator<ToldEvent, void, void> {
  const variables = { id, ...(after === undefined ? {} : { after }) };
  for await (const { data, errors } of client.iterate<EventsData>({ query: eventsSubscription, variables })) {
    if (errors !== undefined || !data) throw new Error(JSON.stringify(errors));
    yield data.interactionEvents;
  }
}
