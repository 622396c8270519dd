import { CloseCode } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WebSocket } from "ws";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { socketClient } from "../../cases/graphql-client.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { until } from "../../cases/until.ts";
import { type CreateData, createMutation, type EventsData, heavySubscription, type ToldEvent } from "./documents.ts";
import { beginCount, loadOf, nothingOpen, storedEvents } from "./read-log.ts";
import { watchEvents } from "./watch-events.ts";

let hub: RunningHub;
beforeAll(async () => {
  hub = await startTestHub({ simulator: { token_interval_ms: 4, agent_step_ms: 0 } });
});
afterAll(() => hub.close());

describe("the client of graphql-ws", () => {
  test("is told what has happened, then what happens, then that it is over", async () => {
    const client = socketClient(hub.url);
    const id = await beginCount(hub.url, 60);
    const early = Array.fromAsync(watchEvents(client, id));
    await until(async () => (await storedEvents(hub.url, id)).length > 10);
    const late = Array.fromAsync(watchEvents(client, id));
    const told = await early;
    expect(told).toEqual(await storedEvents(hub.url, id));
    expect(told.at(-1)).toMatchObject({ type: "finish", event: { finished: "completed" } });
    expect(await late).toEqual(told);
    expect(await Array.fromAsync(watchEvents(client, id))).toEqual(told);
    await client.dispose();
  });

  test("goes on behind its last cursor after its connection broke", async () => {
    let socket: WebSocket | undefined;
    const connected = (opened: unknown) => {
      socket = opened as WebSocket;
    };
    const client = socketClient(hub.url, { on: { connected } });
    const id = await beginCount(hub.url, 60);
    const told: ToldEvent[] = [];
    const broken = (async () => {
      for await (const event of watchEvents(client, id)) {
        told.push(event);
        if (told.length === 15) socket?.terminate();
      }
    })();
    await expect(broken).rejects.toMatchObject({ code: 1006 });
    const before = told.length;
    told.push(...(await Array.fromAsync(watchEvents(client, id, told.at(-1)?.cursor))));
    expect(before).toBeLessThan(told.length);
    expect(told).toEqual(await storedEvents(hub.url, id));
    await client.dispose();
  });

  test("runs queries and mutations over the same socket", async () => {
    const client = socketClient(hub.url);
    const input = { model: "simulator", input: "My name is Ada." };
    const created = client.iterate<CreateData>({ query: createMutation, variables: { input } });
    const { value } = await created.next();
    expect(value?.data?.createInteraction).toMatchObject({
      __typename: "CreateInteractionSuccess",
      interaction: { status: "completed", outputText: expect.stringContaining("Ada") },
    });
    expect(await created.next()).toMatchObject({ done: true });
    await client.dispose();
  });

  test("is told what is wrong with an operation, and its socket stays", async () => {
    let connections = 0;
    const connected = () => {
      connections += 1;
    };
    const client = socketClient(hub.url, { lazy: false, on: { connected } });
    const unknown = Array.fromAsync(watchEvents(client, "nobody"));
    await expect(unknown).rejects.toMatchObject([{ extensions: { code: "not_found" } }]);
    const mistaken = client.iterate({ query: "subscription { nothing }" });
    await expect(mistaken.next()).rejects.toMatchObject([{ message: expect.stringContaining("nothing") }]);
    const id = await beginCount(hub.url, 3);
    expect(await Array.fromAsync(watchEvents(client, id))).toEqual(await storedEvents(hub.url, id));
    expect(connections).toBe(1);
    await client.dispose();
  });

  test("leaves nothing behind when it goes in the midst of everything", async () => {
    const client = socketClient(hub.url);
    const id = await beginCount(hub.url, 100);
    for await (const event of watchEvents(client, id)) if (event.sequence > 5) break;
    await until(async () => JSON.stringify(await loadOf(hub.url)).includes('"subscribers":0,"channels":0'));
    await client.dispose();
    await until(async () => JSON.stringify(await loadOf(hub.url)) === JSON.stringify(nothingOpen));
  });
});

describe("a client of graphql-ws that reads nothing", () => {
  let strict: RunningHub;
  beforeAll(async () => {
    strict = await startTestHub({ graphql: { stall_timeout: "500ms" } });
  });
  afterAll(() => strict.close());

  test("is closed with 4413, leaves nothing behind, and goes on behind its last cursor", async () => {
    const id = await beginCount(strict.url, 400);
    let socket: WebSocket | undefined;
    const connected = (opened: unknown) => {
      socket ??= opened as WebSocket;
    };
    const client = socketClient(strict.url, { on: { connected } });
    const cursors: string[] = [];
    async function read(): Promise<void> {
      const after = cursors.at(-1);
      const variables = { id, ...(after === undefined ? {} : { after }) };
      for await (const { data } of client.iterate<EventsData>({ query: heavySubscription, variables })) {
        if (data) cursors.push(data.interactionEvents.cursor);
        if (cursors.length === 1) socket?.pause();
      }
    }
    const cutOff = read();
    await until(() => cursors.length > 0);
    await until(async () => JSON.stringify(await loadOf(strict.url)).includes('"subscribers":0,"channels":0'));
    socket?.resume();
    await expect(cutOff).rejects.toMatchObject({ code: 4413, reason: expect.stringContaining("slow") });
    const before = cursors.length;
    await read();
    expect(before).toBeLessThan(cursors.length);
    expect(cursors).toEqual((await storedEvents(strict.url, id)).map(({ cursor }) => cursor));
    await client.dispose();
    await until(async () => JSON.stringify(await loadOf(strict.url)) === JSON.stringify(nothingOpen));
  });
});

describe("the client of graphql-ws at a hub with keys", () => {
  let locked: RunningHub;
  beforeAll(async () => {
    locked = await startTestHub({
      api_keys: [
        { name: "owner", key: "may-everything" },
        { name: "console", key: "may-look", read_only: true },
      ],
    });
  });
  afterAll(() => locked.close());

  test.each([{}, { connectionParams: { "x-goog-api-key": "wrong" } }])(
    "is refused with 4401 before it is acknowledged: %j",
    async (options) => {
      let acknowledged = false;
      const connected = () => {
        acknowledged = true;
      };
      const client = socketClient(locked.url, { ...options, on: { connected } });
      await expect(client.iterate({ query: "{ models { name } }" }).next()).rejects.toMatchObject({
        code: CloseCode.Unauthorized,
        reason: expect.stringMatching(/API key/i),
      });
      expect(acknowledged).toBe(false);
      await client.dispose();
    },
  );

  test.each([
    { "x-goog-api-key": "may-everything" },
    { authorization: "Bearer may-everything" },
    { Authorization: "Bearer may-everything" },
    { headers: { "X-Goog-Api-Key": "may-everything" } },
  ])("says its key as it begins: %j", async (connectionParams) => {
    const client = socketClient(locked.url, { connectionParams });
    const id = await beginCount(locked.url, 5, { "x-goog-api-key": "may-everything" });
    const told = await Array.fromAsync(watchEvents(client, id));
    expect(told.at(-1)?.type).toBe("finish");
    await client.dispose();
  });

  test("may look and change nothing with a key that only reads", async () => {
    const client = socketClient(locked.url, { connectionParams: { "x-goog-api-key": "may-look" } });
    const id = await beginCount(locked.url, 5, { "x-goog-api-key": "may-everything" });
    expect((await Array.fromAsync(watchEvents(client, id))).at(-1)?.type).toBe("finish");
    const input = { model: "simulator", input: "Hello" };
    const created = client.iterate<CreateData>({ query: createMutation, variables: { input } });
    const told = await created.next().then(({ value }) => JSON.stringify(value), JSON.stringify);
    expect(told).toContain("permission_denied");
    await client.dispose();
  });
});
