import { afterEach, describe, expect, test } from "vitest";
import { HubError } from "../../../../schema/core/error.ts";
import { create, openCreate, openStream, revisionHeader, send, wholeStream } from "../../../cases/http-client.ts";
import { settle } from "../../../cases/scripted-hub.ts";
import { answerOf, beginningOf, completed } from "../../../cases/scripted-provider.ts";
import { type ScriptedServer, startScriptedServer } from "../../../cases/scripted-server.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";
import { until } from "../../../cases/until.ts";

let server: ScriptedServer;
afterEach(() => server.close());

const hello = { model: "m", input: "Hello" };
const impatient = { patience: { stream: 40, unary: 40 }, heartbeat: 15 };

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends a create and resolves as soon as its headers are there. */
function post(body: object): Promise<Response> {
  return fetch(`${server.url}/v1beta/interactions`, { method: "POST", body: JSON.stringify(body) });
}

describe("an answer that takes longer than clients wait", () => {
  test("sends its headers early, and is the same JSON when it is there", async () => {
    server = await startScriptedServer(impatient);
    const answering = post(hello);
    const run = await server.provider.nextRun();
    const response = await answering;
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("api-revision")).toBe("2026-05-20");
    run.say(...answerOf("a"));
    const text = await response.text();
    expect(text).toMatch(/^\s+\{/);
    const body = JSON.parse(text);
    expect(body).toMatchObject({ status: "completed", steps: [{ content: [{ text: "a" }] }] });
    const { body: got } = await send(`${server.url}/v1beta/interactions/${body.id}`, "GET");
    expect(got).toMatchObject({ status: "completed", updated: body.updated });
  });

  test("says in its JSON that it failed, because it is too late for a status", async () => {
    server = await startScriptedServer(impatient);
    const answering = post(hello);
    const run = await server.provider.nextRun();
    const response = await answering;
    run.fail(new HubError("rate_limit_exceeded", "Too many."));
    expect(await response.json()).toMatchObject({
      status: "failed",
      errors: [{ code: "rate_limit_exceeded", message: "Too many." }],
    });
    expect(server.bugs).toEqual([]);
  });

  test("opens its stream early; what fails then is told in the stream", async () => {
    server = await startScriptedServer(impatient);
    const opening = openCreate(server.url, hello);
    const run = await server.provider.nextRun();
    const stream = await opening;
    expect(stream.response.status).toBe(200);
    run.fail(new HubError("upstream_error", "Gone."));
    const events = (await wholeStream(stream)).map(({ event }) => event);
    expect(events.slice(-3)).toEqual(["interaction.status_update", "error", "done"]);
    expect(events).not.toContain("interaction.completed");
  });

  test("is a plain error if it fails before", async () => {
    server = await startScriptedServer();
    for (const stream of [true, false]) {
      const answering = create(server.url, { ...hello, stream });
      (await server.provider.nextRun()).fail(new HubError("upstream_error", "Gone."));
      expect(await answering).toMatchObject({ status: 502, body: { error: { code: "api_error" } } });
    }
  });

  test("is a failed interaction if it fails after it has begun, never a completed one", async () => {
    server = await startScriptedServer();
    const answering = create(server.url, hello);
    const run = await server.provider.nextRun();
    run.say(...beginningOf("half"));
    run.leave();
    expect(await answering).toMatchObject({
      status: 200,
      body: { status: "failed", errors: [{ code: "api_error" }], steps: [{ content: [{ text: "half" }] }] },
    });
  });
});

describe("in silence", () => {
  test("a stream is kept alive by comments, and is not disturbed by them", async () => {
    server = await startScriptedServer({ heartbeat: 10 });
    const opening = openCreate(server.url, { ...hello, background: true });
    const run = await server.provider.nextRun();
    const stream = await opening;
    const reading = wholeStream(stream);
    await until(() => stream.comments.length > 2);
    run.say(...answerOf("a"));
    expect((await reading).map(({ event }) => event)).toEqual([
      "interaction.created",
      "interaction.status_update",
      "step.start",
      "step.delta",
      "step.stop",
      "interaction.completed",
      "done",
    ]);
    const heard = stream.comments.length;
    await wait(40);
    expect(stream.comments).toHaveLength(heard);
  });

  test("the whole server keeps a stream of a model that stalls alive", async () => {
    server = await startScriptedServer();
    const hub = await startTestHub({ heartbeat_ms: 10 });
    const body = { model: "simulator-fault-stall-2", input: "x" };
    for (const headers of [revisionHeader.steps, revisionHeader.legacy]) {
      const stream = await openCreate(hub.url, body, headers);
      await stream.records.next();
      const next = Array.fromAsync(stream.records).catch(() => "cut");
      await until(() => stream.comments.length > 2);
      stream.cut();
      expect(await next).toBe("cut");
    }
    await hub.close();
  });
});

describe("a server that stops", () => {
  test("tells everyone who waits the truth", async () => {
    server = await startScriptedServer(impatient);
    const late = await Promise.all([post(hello), server.provider.nextRun()]);
    const opening = openCreate(server.url, hello);
    (await server.provider.nextRun()).say(...beginningOf("half"));
    const stream = await opening;
    const background = await create(server.url, { ...hello, background: true });
    const following = wholeStream(
      openStream(`${server.url}/v1beta/interactions/${String(background.body.id)}?stream=true`),
    );
    await settle(20);
    const [records, followed, body] = await Promise.all([
      wholeStream(stream),
      following,
      late[0].json(),
      server.close(),
    ]);
    for (const events of [records, followed]) {
      expect(events.slice(-2)).toEqual([
        {
          event: "error",
          data: expect.objectContaining({ error: { code: "interrupted", message: expect.any(String) } }),
        },
        { event: "done", data: "[DONE]" },
      ]);
      expect(events.at(-3)?.data).toMatchObject({ status: "failed" });
    }
    expect(body).toMatchObject({ status: "failed", errors: [{ code: "interrupted" }] });
    expect(await server.store.unfinished()).toEqual([]);
  });

  test("has nothing left that could speak once it has stopped", async () => {
    server = await startScriptedServer();
    const answering = create(server.url, hello);
    const run = await server.provider.nextRun();
    await server.close();
    expect(await answering).toMatchObject({ status: 503 });
    run.say(...beginningOf("late"), completed);
    await run.left;
    expect(server.hub.load()).toEqual({ runs: 0, waiting: 0 });
  });
});
