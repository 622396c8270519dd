import { type Client, createClient, NetworkError } from "graphql-sse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";
import { until } from "../../cases/until.ts";
import { type CreateData, createMutation, type ToldEvent } from "./documents.ts";
import { beginCount, loadOf, nothingOpen, storedEvents } from "./read-log.ts";
import { watchEvents } from "./watch-events.ts";

const key = { "x-goog-api-key": "may-everything" };

let hub: RunningHub;
let locked: RunningHub;
beforeAll(async () => {
  hub = await startTestHub({ simulator: { token_interval_ms: 4, agent_step_ms: 0 } });
  locked = await startTestHub({ api_keys: [{ name: "owner", key: "may-everything" }] });
});
afterAll(() => Promise.all([hub.close(), locked.close()]));

/** A client that has a connection for each subscription. */
function clientOf(url: string, headers: Record<string, string> = {}): Client {
  return createClient({ url: `${url}/graphql`, singleConnection: false, retryAttempts: 0, headers });
}

describe("the client of graphql-sse with distinct connections", () => {
  test("is told what has happened, then what happens, then that it is over", async () => {
    const client = clientOf(hub.url);
    const id = await beginCount(hub.url, 60);
    const told = await Array.fromAsync(watchEvents(client, id));
    expect(told).toEqual(await storedEvents(hub.url, id));
    expect(await Array.fromAsync(watchEvents(client, id))).toEqual(told);
    client.dispose();
  });

  test("goes on behind its last cursor after it has left", async () => {
    const client = clientOf(hub.url);
    const id = await beginCount(hub.url, 60);
    const told: ToldEvent[] = [];
    for await (const event of watchEvents(client, id)) {
      told.push(event);
      if (told.length === 15) break;
    }
    told.push(...(await Array.fromAsync(watchEvents(client, id, told.at(-1)?.cursor))));
    expect(told).toEqual(await storedEvents(hub.url, id));
    client.dispose();
    await until(async () => JSON.stringify(await loadOf(hub.url)) === JSON.stringify(nothingOpen));
  });

  test("runs queries and mutations in the same way", async () => {
    const client = clientOf(hub.url);
    const input = { model: "simulator", input: "My name is Ada." };
    const created = await Array.fromAsync(client.iterate<CreateData>({ query: createMutation, variables: { input } }));
    expect(created).toMatchObject([
      {
        data: {
          createInteraction: { interaction: { status: "completed", outputText: expect.stringContaining("Ada") } },
        },
      },
    ]);
    client.dispose();
  });

  test("is told what is wrong with an operation", async () => {
    const client = clientOf(hub.url);
    await expect(Array.fromAsync(watchEvents(client, "nobody"))).rejects.toThrow("not_found");
    client.dispose();
  });

  test("needs a key where there are keys", async () => {
    const id = await beginCount(locked.url, 5, key);
    const refused = Array.fromAsync(watchEvents(clientOf(locked.url), id));
    await expect(refused).rejects.toBeInstanceOf(NetworkError);
    await expect(refused).rejects.toMatchObject({ response: { status: 401 } });
    expect((await Array.fromAsync(watchEvents(clientOf(locked.url, key), id))).at(-1)?.type).toBe("finish");
  });
});
