import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { type FakeGemini, startFakeGemini } from "../cases/fake-gemini.ts";
import { type ServerProcess, startProcess } from "../cases/start-process.ts";
import { until } from "../cases/until.ts";
import { idOf, outcomeOf, saidIn, textOf } from "./answers.ts";
import type { Client } from "./client.ts";
import { releases } from "./releases.ts";

const model = "google/gemini-3.8-flash";
const words = Array.from({ length: 80 }, (_, index) => `word ${index}`).join(", ");
const background = { model, input: words, background: true };

let folder: string;
let google: FakeGemini;
let server: ServerProcess;

/** Starts the hub in a process of its own, on the same data each time. */
async function start(upstreams: JsonObject[] = entries()): Promise<Client> {
  server = await startProcess(folder, [], { INTERACTIONS_HUB_UPSTREAMS: JSON.stringify(upstreams) });
  return releases["3.1"]({ apiKey: "local", httpOptions: { baseUrl: server.url } });
}

const entries = (): JsonObject[] => [{ name: "google", kind: "gemini", base_url: google.url, key: "hub-key" }];

const kill = (): Promise<unknown> => server.stop("SIGKILL");

/** So many events of a stream, or all of them. */
async function some(stream: AsyncIterable<JsonObject>, count = Number.POSITIVE_INFINITY): Promise<JsonObject[]> {
  const events: JsonObject[] = [];
  for await (const event of stream) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

/** Begins a run, hears so much of it, and kills the hub. */
async function beginAndKill(params: JsonObject = background, heard = 12): Promise<JsonObject[]> {
  const client = await start();
  const events = await some(await client.open(params), heard);
  await kill();
  return events;
}

const asked = (method: string): number => google.requests.filter((request) => request.method === method).length;
const cursorOf = (events: readonly JsonObject[]): string => String(events.at(-1)?.event_id);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hub-resume-"));
  google = await startFakeGemini({ pace: 60 });
});
afterEach(async () => {
  await kill();
  await google.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a background run at Google whose hub is killed", () => {
  test.each([
    ["told as before", {}],
    ["told in other pieces", { recut: true }],
    ["told in other pieces, which cannot be gone on with", { recut: true, cursors: "no" as const }],
  ])(
    "goes on with the next hub, and with the one after that, when it is %s",
    async (_how, manner) => {
      const first = await beginAndKill();
      Object.assign(google.manner, manner);
      const second = await some(await (await start()).reopen(idOf(first), cursorOf(first)), 9);
      await kill();
      const client = await start();
      const third = await client.replay(idOf(first), cursorOf(second));

      const heard = [...first, ...second, ...third];
      expect(await client.replay(idOf(first))).toEqual(heard);
      expect(outcomeOf(heard)).toMatchObject({ status: "completed", usage: { total_tokens: 21 } });
      const read = await client.get(idOf(first));
      expect(read.status).toBe("completed");
      expect(textOf(client, read)).toBe(`You said: ${words} 🎈.`);
      expect(saidIn(client, client.fold(heard))).toBe(textOf(client, read));
      expect(asked("POST")).toBe(1);

      const next = await client.create({ model, input: "And?", previous_interaction_id: idOf(first) });
      expect(next.status).toBe("completed");
      expect(google.requests.at(-1)?.body).toMatchObject({ previous_interaction_id: "v1_fake-1" });
    },
    60_000,
  );

  test("is whole after the next start where it ended meanwhile, also where Google only shows it", async () => {
    const first = await beginAndKill();
    await until(() => google.statusOf("v1_fake-1") === "completed");
    // No stream brings anything.
    google.manner.cuts = [0, 0, 0];
    const client = await start();
    const rest = await client.replay(idOf(first), cursorOf(first));
    expect(saidIn(client, client.fold([...first, ...rest]))).toBe(`You said: ${words} 🎈.`);
    expect(outcomeOf(rest)).toMatchObject({ status: "completed", usage: { total_tokens: 21 } });
    expect(google.requests.at(-1)).toMatchObject({
      method: "GET",
      path: "/v1beta/interactions/v1_fake-1?stream=false",
    });
  }, 60_000);

  test("is cancelled or deleted at Google's too once it goes on", async () => {
    const client = await start();
    const [left, right] = await Promise.all([client.create(background), client.create(background)]);
    await until(() => google.eventsOf("v1_fake-1").length > 5 && google.eventsOf("v1_fake-2").length > 5);
    // Neither may end before the next hub is there.
    google.manner.pace = 5_000;
    await kill();
    const after = await start();
    expect(await after.cancel(String(left.id))).toMatchObject({ status: "cancelled" });
    await after.remove(String(right.id));
    await until(() => ["v1_fake-1", "v1_fake-2"].every((id) => google.statusOf(id) === "cancelled"));
    expect(await after.get(String(left.id))).toMatchObject({ status: "cancelled" });
    await expect(after.get(String(right.id))).rejects.toMatchObject({ status: 404 });
  }, 60_000);

  /** What becomes of a run that cannot be gone on with: all of its log, then why. */
  async function interrupted(upstreams?: JsonObject[]): Promise<(first: JsonObject[]) => Promise<string>> {
    const client = await start(upstreams);
    return async (first) => {
      const rest = await client.replay(idOf(first), cursorOf(first));
      const read = await client.get(idOf(first));
      expect(read).toMatchObject({ status: "failed", errors: [{ code: "interrupted" }] });
      expect(textOf(client, read)).toBe(saidIn(client, client.fold([...first, ...rest])));
      const [{ message } = { message: "" }] = read.errors as { message: string }[];
      expect(rest.at(-1)).toMatchObject({ event_type: "error", error: { message } });
      return message;
    };
  }

  test("has failed where Google has forgotten it", async () => {
    const first = await beginAndKill();
    google.forget("v1_fake-1");
    const told = await interrupted();
    expect(await told(first)).toMatch(/could not be taken up again: The upstream 'google' .*not found/i);
  }, 60_000);

  test("has failed where Google now tells another answer", async () => {
    const first = await beginAndKill();
    for (const { delta } of google.eventsOf("v1_fake-1")) {
      const piece = delta as JsonObject | undefined;
      if (piece?.type === "text") piece.text = String(piece.text).replaceAll("word", "WORD");
    }
    const told = await interrupted();
    expect(await told(first)).toContain("The upstream 'google' now says something else than it had said.");
  }, 60_000);

  test("has failed where its upstream is no longer set up, or has no key for it", async () => {
    const first = await beginAndKill();
    const told = await interrupted([]);
    expect(await told(first)).toContain("the upstream 'google' is not set up any more");
    await kill();
    const second = await beginAndKill();
    const keyless = await interrupted(entries().map(({ key: _key, ...entry }) => ({ ...entry, caller_key: true })));
    expect(await keyless(second)).toContain("the key of whoever asked, which is not kept");
  }, 60_000);
});

test("a run in the foreground ends with its hub, and Google is not asked for it", async () => {
  const first = await beginAndKill({ model, input: words });
  const client = await start();
  expect(await client.get(idOf(first))).toMatchObject({
    status: "failed",
    errors: [{ code: "interrupted", message: "The server stopped before this interaction had ended." }],
  });
  expect(asked("GET")).toBe(0);
}, 60_000);
