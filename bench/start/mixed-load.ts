import { setTimeout as wait } from "node:timers/promises";
import { createClient as createSocketClient } from "graphql-ws";
import { WebSocket } from "ws";
import { type BenchRequest, type Client, createClient, readText } from "../http-client.ts";
import { backgroundOf, idIn, plainCreate, replayOf, streamOf } from "../scenarios.ts";

/** What was asked so far. */
export type Counts = { creates: number; streams: number; queries: number; subscriptions: number; removals: number };

/** Milliseconds between two rounds of a worker: the machine shall be busy, not drowned. */
const PAUSE = 50;
const WORKERS = 8;
/** Interactions of a worker that are kept; older ones are deleted, so that the store comes to a size and stays there. */
const KEPT = 50;

const watched = "subscription ($id: ID!) { interactionEvents(id: $id) { cursor type } }";
const page: BenchRequest = {
  method: "POST",
  path: "/graphql",
  body: JSON.stringify({
    query: "{ interactions(first: 20) { nodes { id status outputText usage { totalTokens } } } }",
  }),
};

/** Puts everything that a hub does to it until it is told to stop: creates, streams, replays, queries, subscriptions, deletes. */
export async function loadMixed(url: string, signal: AbortSignal, counts: Counts): Promise<void> {
  const client = createClient(url, WORKERS * 2);
  try {
    await Promise.all(Array.from({ length: WORKERS }, () => work(url, client, signal, counts)));
  } finally {
    client.close();
  }
}

async function work(url: string, client: Client, signal: AbortSignal, counts: Counts): Promise<void> {
  const kept: string[] = [];
  while (!signal.aborted) {
    kept.push(idIn(await readText(client, plainCreate)));
    counts.creates += 1;
    const id = idIn(await readText(client, streamOf(60)));
    await readText(client, replayOf(id));
    kept.push(id);
    counts.streams += 2;
    await readText(client, page);
    counts.queries += 1;
    kept.push(await subscribe(url, client));
    counts.subscriptions += 1;
    while (kept.length > KEPT) {
      await remove(url, kept.shift() ?? "");
      counts.removals += 1;
    }
    await wait(PAUSE);
  }
}

/** Watches a run in the background to its end over a socket of its own. */
async function subscribe(url: string, client: Client): Promise<string> {
  const id = idIn(await readText(client, backgroundOf(20, 1)));
  const socket = createSocketClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  let events = 0;
  for await (const { errors } of socket.iterate({ query: watched, variables: { id } })) {
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    events += 1;
  }
  await socket.dispose();
  if (events < 5) throw new Error(`A subscription told ${events} events.`);
  return id;
}

async function remove(url: string, id: string): Promise<void> {
  const reply = await fetch(`${url}/v1beta/interactions/${id}`, { method: "DELETE" });
  await reply.text();
  if (!reply.ok) throw new Error(`A removal was answered with ${reply.status}.`);
}
