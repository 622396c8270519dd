import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../schema/core/json.ts";
import { type ServerProcess, startProcess } from "../cases/start-process.ts";
import { until } from "../cases/until.ts";
import { idOf, saidIn, textOf } from "./answers.ts";
import type { Client } from "./client.ts";
import {
  faultyVendors,
  type RunningFaultyVendor,
  silent,
  startFaultyVendor,
  whole,
  wholeText,
} from "./faulty-vendors.ts";
import { releases } from "./releases.ts";

let folder: string;
let server: ServerProcess;
let upstreams: RunningFaultyVendor[];

/** Starts the hub in a process of its own, on the same data each time; each vendor is an upstream of its own. */
async function start(): Promise<Client> {
  const entries = upstreams.map(({ entry }, index) => ({ ...entry, name: nameOf(index) }));
  server = await startProcess(folder, [], { INTERACTIONS_HUB_UPSTREAMS: JSON.stringify(entries) });
  return releases["3.1"]({ apiKey: "local", httpOptions: { baseUrl: server.url } });
}

const nameOf = (index: number): string => `vendor-${index}`;
const bodyFor = (index: number): JsonObject => {
  const model = faultyVendors[index]?.model.replace("vendor", nameOf(index)) ?? "";
  return { model, input: "Count." };
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hub-kill-"));
  upstreams = await Promise.all(faultyVendors.map(startFaultyVendor));
});
afterEach(async () => {
  await server.stop("SIGKILL");
  await Promise.all(upstreams.map((upstream) => upstream.close()));
  await rm(folder, { recursive: true, force: true });
});

test("a hub that is killed while upstreams stream has kept what came, and tells it truthfully afterwards", async () => {
  const before = await start();
  for (const upstream of upstreams) upstream.next = silent(upstream.vendor);
  const readers = await Promise.all(
    faultyVendors.flatMap((_, index) =>
      [true, false].map((background) => read(before, { ...bodyFor(index), background })),
    ),
  );
  await until(() => readers.every(({ got }) => saidIn(before, before.fold(got)).length > 7));
  expect(await server.stop("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
  await Promise.all(readers.map(({ done }) => done));
  await until(() => upstreams.every((upstream) => upstream.isLeft()));

  const after = await start();
  for (const { got } of readers) {
    const id = idOf(got);
    // An upstream that may have gone on with it is asked first, and here has kept nothing.
    await until(async () => (await after.get(id)).status !== "in_progress");
    const stored = await after.get(id);
    expect(stored).toMatchObject({ status: "failed", errors: [{ code: "interrupted", message: expect.any(String) }] });
    const text = textOf(after, stored);
    expect(text.startsWith(saidIn(after, after.fold(got)))).toBe(true);
    expect(wholeText.startsWith(text)).toBe(true);
    expect(text).not.toBe(wholeText);
    const replay = await after.replay(id);
    expect(replay.slice(0, got.length)).toEqual(got);
    expect(replay.at(-1)).toMatchObject({ event_type: "error", error: { code: "interrupted" } });
    expect(saidIn(after, after.fold(replay))).toBe(text);
    expect(await after.replay(id, String(got.at(-1)?.event_id))).toEqual(replay.slice(got.length));
  }
  for (const upstream of upstreams) upstream.next = whole(upstream.vendor);
  for (const [place, { got }] of readers.entries()) {
    const next = await after.create({ ...bodyFor(place >> 1), previous_interaction_id: idOf(got) });
    expect(textOf(after, next)).toBe(wholeText);
  }
}, 60_000);

/** What a client got before its connection broke. */
type Reader = { got: JsonObject[]; done: Promise<void> };

async function read(client: Client, params: JsonObject): Promise<Reader> {
  const got: JsonObject[] = [];
  const stream = await client.open(params);
  const collect = async (): Promise<void> => {
    for await (const event of stream) got.push(event);
  };
  // A connection that is cut ends in an error, which is no news here.
  return { got, done: collect().catch(() => {}) };
}
