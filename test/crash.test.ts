import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../schema/core/json.ts";
import {
  create,
  eventIdOf,
  openCreate,
  openStream,
  revisionHeader,
  type Stream,
  type StreamRecord,
  send,
  wholeStream,
} from "./cases/http-client.ts";
import { type ServerProcess, startProcess } from "./cases/start-process.ts";
import { until } from "./cases/until.ts";

let folder: string;
let server: ServerProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-crash-"));
});
afterEach(async () => {
  await server?.stop("SIGKILL");
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** What one client got before its connection broke, and what it had asked for. */
type Reader = { got: StreamRecord[]; stream: Stream; done: Promise<void>; text: string };

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

async function openReader(base: string, index: number): Promise<Reader> {
  const text = `Story ${index}: tell me all about the rivers of the world.`;
  const body = { model: "simulator-slow-15", input: text, background: index % 2 === 0 };
  const stream = await openCreate(base, body, index % 4 === 0 ? revisionHeader.legacy : revisionHeader.steps);
  const got: StreamRecord[] = [];
  const read = async (): Promise<void> => {
    for await (const record of stream.records) got.push(record);
  };
  // A connection that is cut ends in an error, which is no news here.
  return { got, stream, text, done: read().catch(() => {}) };
}

function idOf({ got: [first] }: Reader): string {
  const begun = first === undefined || first.data === "[DONE]" ? undefined : first.data.interaction;
  return String((begun as JsonObject | undefined)?.id);
}

function textOf(records: readonly StreamRecord[]): string {
  return records
    .map(({ data }) => (data === "[DONE]" ? undefined : (data.delta as JsonObject | undefined)))
    .map((delta) => (delta?.type === "text" ? delta.text : ""))
    .join("");
}

function textIn(body: JsonObject): string {
  const steps = body.steps as { type: string; content?: { text?: string }[] }[];
  return steps
    .flatMap(({ type, content }) => (type === "model_output" ? (content ?? []) : []))
    .map(({ text }) => text ?? "")
    .join("");
}

const isSpeaking = ({ got }: Reader) => textOf(got).length > 0;

describe("a server that is killed in the middle of fifty streams", () => {
  test("has kept all that anyone heard, ends it truthfully at the next start, and replays it", async () => {
    server = await startProcess(folder);
    const before = server.url;
    const whole = await Promise.all(
      [1, 2, 3, 4].map((index) => create(before, { model: "simulator", input: `Say ${index}.` })),
    );
    const wholeStreams = await Promise.all(
      whole.map(({ body }) => wholeStream(openStream(`${before}/v1beta/interactions/${String(body.id)}?stream=true`))),
    );
    const readers = await Promise.all(Array.from({ length: 50 }, (_, index) => openReader(before, index)));
    await until(() => readers.every(isSpeaking));
    await seconds(0.2);
    expect(await server.stop("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
    await Promise.all(readers.map(({ done }) => done));

    server = await startProcess(folder);
    const { url } = server;
    const urlOf = (id: unknown) => `${url}/v1beta/interactions/${String(id)}`;
    for (const [index, { body }] of whole.entries()) {
      const { body: got } = await send(urlOf(body.id), "GET");
      expect(got).toMatchObject({ status: "completed", usage: body.usage });
      expect((got.steps as object[]).slice(1)).toEqual(body.steps);
      expect(await wholeStream(openStream(`${urlOf(body.id)}?stream=true`))).toEqual(wholeStreams[index]);
    }
    expect(readers.filter(({ got }) => got.at(-1)?.event === "done")).toEqual([]);
    for (const [index, reader] of readers.entries()) {
      const headers = index % 4 === 0 ? revisionHeader.legacy : revisionHeader.steps;
      const id = idOf(reader);
      const replay = await wholeStream(openStream(`${urlOf(id)}?stream=true`, { headers }));
      expect(replay.slice(0, reader.got.length)).toEqual(reader.got);
      expect(replay.slice(-2).map(({ event }) => event)).toEqual(["error", "done"]);
      expect(replay.at(-2)?.data).toMatchObject({ error: { code: "interrupted" } });
      const rest = replay.slice(reader.got.length);
      expect(rest.map(({ event }) => event)).not.toContain("interaction.completed");
      const last = eventIdOf(reader.got.at(-1));
      expect(await wholeStream(openStream(`${urlOf(id)}?stream=true&last_event_id=${last}`, { headers }))).toEqual(
        rest,
      );
      const { body } = await send(urlOf(id), "GET", undefined, revisionHeader.steps);
      expect(body).toMatchObject({ status: "failed", errors: [{ code: "interrupted", message: expect.any(String) }] });
      expect(body.steps).toContainEqual({ type: "user_input", content: [{ type: "text", text: reader.text }] });
      expect(textIn(body)).toBe(textOf(replay));
      expect(textIn(body).startsWith(textOf(reader.got))).toBe(true);
      expect(textOf(reader.got).length).toBeGreaterThan(0);
    }
    const [first] = readers;
    const next = await create(url, {
      model: "simulator",
      input: "Go on.",
      previous_interaction_id: first === undefined ? "" : idOf(first),
    });
    expect(next).toMatchObject({ status: 200, body: { status: "completed" } });
    expect((await send(`${url}/healthz`, "GET")).body.load).toEqual({ runs: 0, waiting: 0 });
  }, 60_000);

  test("starts again on the same file, which no lock of the dead one holds", async () => {
    for (let start = 0; start < 3; start += 1) {
      server = await startProcess(folder);
      expect(await create(server.url, { model: "simulator", input: "Hi" })).toMatchObject({ status: 200 });
      await server.stop("SIGKILL");
    }
  });
});

describe("a server that is asked to end", () => {
  test("ends its streams with an event that tells the truth, and exits without an error", async () => {
    server = await startProcess(folder);
    const { url } = server;
    const readers = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((index) => openReader(url, index)));
    const stalled = create(url, { model: "simulator-fault-stall-2", input: "x" });
    await until(() => readers.every(isSpeaking));
    await until(async () => {
      const { body } = await send(`${url}/healthz`, "GET");
      return (body.load as JsonObject).runs === 9;
    });
    expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
    await Promise.all(readers.map(({ done }) => done));
    for (const { got } of readers) {
      expect(got.at(-1)).toEqual({ event: "done", data: "[DONE]" });
      expect(got.at(-2)).toMatchObject({ event: "error", data: { error: { code: "interrupted" } } });
      expect(got.at(-3)).toMatchObject({ event: "interaction.status_update", data: { status: "failed" } });
      expect(textOf(got).length).toBeGreaterThan(0);
    }
    expect(await stalled).toMatchObject({ status: 200, body: { status: "failed", errors: [{ code: "interrupted" }] } });

    server = await startProcess(folder);
    for (const reader of readers) {
      const { body } = await send(`${server.url}/v1/interactions/${idOf(reader)}`, "GET");
      expect(body).toMatchObject({ status: "failed", errors: [{ code: "interrupted" }] });
      expect(textIn(body)).toBe(textOf(reader.got));
    }
  }, 60_000);
});
