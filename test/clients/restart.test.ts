import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { startTestHub } from "../cases/start-test-hub.ts";
import { idOf, saidIn, textOf } from "./answers.ts";
import type { Client } from "./client.ts";
import { type ReleaseName, releaseNames, releases } from "./releases.ts";
import { scenarios } from "./scenarios.ts";

const model = "gemini-3.8-flash";

type Written = { events: JsonObject[]; read: JsonObject };

/** Everything about a resource but what the client adds of its own. */
function plain({ sdkHttpResponse: _, ...resource }: JsonObject): JsonObject {
  return resource;
}

describe.each(releaseNames)("after a restart on the same file, %s", (name: ReleaseName) => {
  let folder: string;
  let hub: Awaited<ReturnType<typeof startTestHub>>;
  let client: Client;
  const written: Written[] = [];
  let chain: JsonObject[];
  let deleted: string;
  let interrupted: JsonObject[];

  async function start(): Promise<void> {
    hub = await startTestHub({ db: join(folder, "hub.db") });
    client = releases[name]({ apiKey: "local", httpOptions: { baseUrl: hub.url } });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "interactions-hub-"));
    await start();
    for (const { params } of scenarios) {
      const events = await client.stream({ ...params(client), background: true });
      written.push({ events, read: plain(await client.get(idOf(events))) });
    }
    const first = await client.create({ model, input: "My name is Ada." });
    const previous_interaction_id = first.id ?? null;
    chain = [first, await client.create({ model, input: "My favourite colour is teal.", previous_interaction_id })];
    deleted = String((await client.create({ model, input: "count to 3" })).id);
    await client.remove(deleted);

    const running = await client.open({ model: "simulator-slow-40", input: "count to 500", background: true });
    interrupted = [];
    for await (const event of running) {
      interrupted.push(event);
      if (interrupted.length === 9) void hub.close();
    }
    await hub.close();
    await start();
  });

  afterAll(async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  });

  test("reads back everything as it was", async () => {
    for (const { events, read } of written) expect(plain(await client.get(idOf(events)))).toEqual(read);
  });

  test("replays every stream as it was", async () => {
    for (const { events } of written) expect(await client.replay(idOf(events))).toEqual(events);
  });

  test("resumes every stream where it was left", async () => {
    for (const { events } of written) {
      const middle = events.length >> 1;
      expect(await client.replay(idOf(events), String(events[middle]?.event_id))).toEqual(events.slice(middle + 1));
    }
  });

  test("continues a chain", async () => {
    const ask = async (input: string, parent: JsonObject | undefined) =>
      textOf(client, await client.create({ model, input, previous_interaction_id: parent?.id ?? null }));
    expect(await ask("What is my name?", chain[1])).toContain("Ada");
    expect(await ask("What is my favourite colour?", chain[1])).toContain("teal");
    expect(await ask("What is my favourite colour?", chain[0])).not.toContain("teal");
  });

  test("does not find what was deleted", async () => {
    await expect(client.get(deleted)).rejects.toMatchObject({ status: 404 });
  });

  test("finds what ran at the stop as failed, with its cause and its partial steps, and its stream still replays", async () => {
    expect(interrupted.at(-1)).toMatchObject({
      event_type: "error",
      error: { message: expect.stringContaining("stopped") },
    });
    const read = await client.get(idOf(interrupted));
    expect(read).toMatchObject({ status: "failed", errors: [{ message: expect.stringContaining("stopped") }] });
    expect(textOf(client, read)).toMatch(/^1, 2, 3/);
    expect(textOf(client, read)).toBe(saidIn(client, client.fold(interrupted)));
    expect(await client.replay(idOf(interrupted))).toEqual(interrupted);
  });
});
