import { GoogleGenAI } from "genai-3.1";
import { createClient } from "graphql-sse";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WebSocket } from "ws";
import type { JsonObject } from "../../../schema/core/json.ts";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { openSubscription, readParts, socketClient } from "../../cases/graphql-client.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { until } from "../../cases/until.ts";
import { idOf } from "../answers.ts";
import { speak } from "../client.ts";
import { stepsDialect } from "../steps-client.ts";
import { heavySubscription, type ToldEvent } from "./documents.ts";
import { loadOf, nothingOpen, storedEvents } from "./read-log.ts";
import { watchEvents } from "./watch-events.ts";

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub({ simulator: { token_interval_ms: 4, agent_step_ms: 0 } });
});
afterAll(() => hub.close());

/** Over a WebSocket that is cut in the midst, and from the last cursor over another one. */
async function readAndResume(id: string, cutAfter: number): Promise<ToldEvent[]> {
  let socket: WebSocket | undefined;
  const connected = (opened: unknown) => {
    socket = opened as WebSocket;
  };
  const client = socketClient(hub.url, { on: { connected } });
  const told: ToldEvent[] = [];
  async function read(): Promise<void> {
    for await (const event of watchEvents(client, id, told.at(-1)?.cursor)) {
      told.push(event);
      if (told.length === cutAfter) socket?.terminate();
    }
  }
  await expect(read()).rejects.toMatchObject({ code: 1006 });
  await read();
  await client.dispose();
  return told;
}

async function readEventStreamAfter(id: string, after: string): Promise<ToldEvent[]> {
  const client = createClient({ url: `${hub.url}/graphql`, singleConnection: false, retryAttempts: 0 });
  const told = await Array.fromAsync(watchEvents(client, id, after));
  client.dispose();
  return told;
}

async function cursorsInParts(response: Response): Promise<unknown[]> {
  const cursors: unknown[] = [];
  for await (const { data } of readParts(response)) {
    const { cursor, ...copies } = (data as { interactionEvents: JsonObject }).interactionEvents;
    expect(new Set(Object.values(copies))).toEqual(new Set([cursor]));
    cursors.push(cursor);
  }
  return cursors;
}

test("a Google SDK streams over REST while three protocols read the same, from where each wants, at its own pace", async () => {
  const google = speak(new GoogleGenAI({ apiKey: "local", httpOptions: { baseUrl: hub.url } }), stepsDialect);
  const streaming = await google.open({ model: "simulator", input: "count to 300" });
  const heard: JsonObject[] = [];
  let told: Promise<[ToldEvent[], ToldEvent[]]> | undefined;
  let stalled: Response | undefined;
  let restCursor = "";
  let graphqlCursor = "";
  for await (const event of streaming) {
    heard.push(event);
    if (heard.length !== 30) continue;
    const id = idOf(heard);
    restCursor = String(heard[20]?.event_id);
    graphqlCursor = String((await storedEvents(hub.url, id))[7]?.cursor);
    told = Promise.all([readAndResume(id, 50), readEventStreamAfter(id, restCursor)]);
    const form = "multipart/mixed;subscriptionSpec=1.0, application/json";
    stalled = await openSubscription(hub.url, form, heavySubscription, { id, after: graphqlCursor });
  }
  const id = idOf(heard);
  const [overSocket, overEvents] = (await told) ?? [];
  const stored = await storedEvents(hub.url, id);
  const cursors = stored.map(({ cursor }) => cursor);
  const behind = (cursor: string) => stored.slice(cursors.indexOf(cursor) + 1);

  expect(stored.at(-1)).toMatchObject({ type: "finish", event: { finished: "completed" } });
  expect(overSocket).toEqual(stored);
  expect(cursors).toContain(restCursor);
  expect(overEvents).toEqual(behind(restCursor));

  // It has taken nothing so far: the hub keeps its place, and no more than its socket holds.
  expect(await loadOf(hub.url)).toMatchObject({ runs: 0, subscribers: 1, channels: 1 });
  expect(await cursorsInParts(stalled as Response)).toEqual(behind(graphqlCursor).map(({ cursor }) => cursor));

  // What one protocol has handed out is understood by the other one.
  const places = heard.map(({ event_id }) => event_id);
  expect(places).toContain(graphqlCursor);
  expect(await google.replay(id, graphqlCursor)).toEqual(heard.slice(places.indexOf(graphqlCursor) + 1));
  expect(heard.at(-1)?.event_id).toBe(cursors.at(-1));

  await until(async () => JSON.stringify(await loadOf(hub.url)) === JSON.stringify(nothingOpen));
});
