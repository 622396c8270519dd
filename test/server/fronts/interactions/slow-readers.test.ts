import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { create, openCreate, openStream, send, wholeStream } from "../../../cases/http-client.ts";
import { openMemory, settle } from "../../../cases/scripted-hub.ts";
import { answerOf, beginningOf, completed } from "../../../cases/scripted-provider.ts";
import { type ScriptedServer, startScriptedServer } from "../../../cases/scripted-server.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";
import { until } from "../../../cases/until.ts";

let server: ScriptedServer;
/** Events that were read from the store, for whomever. */
let read = 0;
beforeAll(async () => {
  const store = openMemory(true);
  const events: typeof store.events = async (id, after, limit) => {
    const page = await store.events(id, after, limit);
    read += page.length;
    return page;
  };
  server = await startScriptedServer({ store: { ...store, events } });
});
afterAll(() => server.close());

const hello = { model: "m", input: "Hello" };

/** Opens a stream on a raw socket that never reads. */
async function openAndNeverRead(url: string, path: string): Promise<Socket> {
  const { port, host } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.pause();
  socket.on("error", () => {});
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  return socket;
}

describe("clients that never read", () => {
  test("delay nobody, are given no more than their sockets hold, and leave nothing behind", async () => {
    const { body } = await create(server.url, { ...hello, background: true });
    const run = await server.provider.nextRun();
    const path = `/v1beta/interactions/${String(body.id)}?stream=true`;
    const sockets = await Promise.all(Array.from({ length: 20 }, () => openAndNeverRead(server.url, path)));
    await until(() => server.hub.load().waiting === 20);
    const reading = wholeStream(openStream(server.url + path));
    const piece = "0123456789".repeat(400);
    const pieces = Array.from({ length: 4000 }, () => piece);
    run.say(...beginningOf(...pieces), { type: "step.stop" }, completed);
    expect((await reading).length).toBe(4000 + 6);
    await settle(50);
    // Sockets of this machine hold some megabytes; each of these streams has sixteen.
    expect(read).toBeLessThan((20 * 4000) / 2);
    expect(await send(server.url + path.replace("?stream=true", ""), "GET")).toMatchObject({
      body: { status: "completed" },
    });
    expect(server.hub.load()).toEqual({ runs: 0, waiting: 0 });
    for (const socket of sockets) socket.destroy();
    await settle(20);
    expect(server.hub.load()).toEqual({ runs: 0, waiting: 0 });
    expect(server.bugs).toEqual([]);
  });

  test("and go while the provider is silent, free their places at once", async () => {
    const { body } = await create(server.url, { ...hello, background: true });
    await server.provider.nextRun();
    const one = `/v1beta/interactions/${String(body.id)}`;
    const sockets = await Promise.all(
      Array.from({ length: 50 }, () => openAndNeverRead(server.url, `${one}?stream=true`)),
    );
    await until(() => server.hub.load().waiting === 50);
    for (const socket of sockets) socket.destroy();
    await until(() => server.hub.load().waiting === 0);
    expect(server.hub.load()).toEqual({ runs: 1, waiting: 0 });
    await send(`${server.url}${one}/cancel`, "POST");
    expect(server.hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("are no load of the whole server once they are gone", async () => {
    const hub = await startTestHub();
    const load = async () => (await send(`${hub.url}/healthz`, "GET")).body.load;
    try {
      const { body } = await create(hub.url, { model: "simulator-fault-stall-2", input: "x", background: true });
      const path = `/v1beta/interactions/${String(body.id)}?stream=true`;
      const sockets = await Promise.all(Array.from({ length: 100 }, () => openAndNeverRead(hub.url, path)));
      await until(async () => JSON.stringify(await load()) === '{"runs":1,"waiting":100}');
      for (const socket of sockets) socket.destroy();
      await until(async () => JSON.stringify(await load()) === '{"runs":1,"waiting":0}');
      await send(`${hub.url}/v1beta/interactions/${String(body.id)}`, "DELETE");
      expect(await load()).toEqual({ runs: 0, waiting: 0 });
    } finally {
      await hub.close();
    }
  });
});

describe("a client that goes", () => {
  test("stops a run that is not stored, and nothing of it stays", async () => {
    const stream = await Promise.all([
      openCreate(server.url, { ...hello, store: false }),
      server.provider.nextRun().then((run) => {
        run.say(...beginningOf("a"));
        return run;
      }),
    ]);
    const [opened, run] = stream;
    await opened.records.next();
    opened.cut();
    await until(() => run.signal.aborted);
    await run.left;
    await until(() => server.hub.load().runs === 0);
    expect(await server.ephemeral.unfinished()).toEqual([]);
    expect(server.hub.load()).toEqual({ runs: 0, waiting: 0 });
  });

  test("does not stop one that is stored, which is whole when it comes back", async () => {
    const [opened, run] = await Promise.all([
      openCreate(server.url, hello),
      server.provider.nextRun().then((next) => {
        next.say(...beginningOf("a"));
        return next;
      }),
    ]);
    const { value } = await opened.records.next();
    opened.cut();
    await until(() => server.hub.load().waiting === 0);
    expect(run.signal.aborted).toBe(false);
    run.say({ type: "step.delta", delta: { type: "text", text: "b" } }, { type: "step.stop" }, completed);
    await until(() => server.hub.load().runs === 0);
    const [id] = /v1_[\w-]+/.exec(JSON.stringify(value)) ?? [];
    const got = await send(`${server.url}/v1beta/interactions/${id}`, "GET");
    expect(got.body).toMatchObject({ status: "completed", steps: [{}, { content: [{ text: "ab" }] }] });
  });

  test("before a unary answer leaves no trace of a run that is not stored", async () => {
    const controller = new AbortController();
    const asking = fetch(`${server.url}/v1beta/interactions`, {
      method: "POST",
      body: JSON.stringify({ ...hello, store: false }),
      signal: controller.signal,
    }).catch((error: Error) => error.name);
    const run = await server.provider.nextRun();
    controller.abort();
    expect(await asking).toBe("AbortError");
    await until(() => run.signal.aborted);
    await until(() => server.hub.load().runs === 0);
    expect(await server.ephemeral.unfinished()).toEqual([]);
    expect(server.bugs).toEqual([]);
  });
});

describe("an interaction that is not stored", () => {
  test("has no id in its answer, an empty one in its stream, and cannot be read", async () => {
    const answering = create(server.url, { ...hello, store: false });
    (await server.provider.nextRun()).say(...answerOf("a"));
    const { status, body } = await answering;
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("id");
    const opening = openCreate(server.url, { ...hello, store: false });
    (await server.provider.nextRun()).say(...answerOf("a"));
    const records = await wholeStream(opening);
    const ids = records.flatMap(({ data }) =>
      data === "[DONE]" || data.interaction === undefined ? [] : [data.interaction],
    );
    expect(ids).toEqual([expect.objectContaining({ id: "" }), expect.objectContaining({ id: "" })]);
    await until(async () => (await server.ephemeral.unfinished()).length === 0);
  });
});
