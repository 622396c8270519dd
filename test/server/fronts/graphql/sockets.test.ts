import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { encodeEventCursor } from "../../../../schema/graphql/event-cursor.ts";
import type { RunningHub } from "../../../../server/configuration/running-hub.ts";
import { dataOf } from "../../../cases/graphql-client.ts";
import { startTestHub } from "../../../cases/start-test-hub.ts";
import { until } from "../../../cases/until.ts";
import { hubsOfTest } from "./hubs-of-test.ts";

const start = hubsOfTest();

type Message = { type: string; id?: string; payload?: unknown };
type Socket = {
  socket: WebSocket;
  messages: Message[];
  closed: Promise<{ code: number; reason: string }>;
  say(message: object | string): void;
};

/** A socket without a library of the protocol. */
async function openSocket({ url }: RunningHub, protocol = "graphql-transport-ws"): Promise<Socket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, protocol === "" ? [] : [protocol]);
  const messages: Message[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return {
    socket,
    messages,
    closed,
    say: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
  };
}

async function initiated(hub: RunningHub): Promise<Socket> {
  const opened = await openSocket(hub);
  opened.say({ type: "connection_init" });
  await until(() => opened.messages.length === 1);
  return opened;
}

const subscribe = (id: string, query: string, variables: object = {}) => ({
  type: "subscribe",
  id,
  payload: { query, variables },
});

const loadOf = async ({ url }: RunningHub) => ((await (await fetch(`${url}/healthz`)).json()) as { load: object }).load;

describe("a connection that wants to become a WebSocket", () => {
  /** The status with which an upgrade is answered. */
  function upgrade({ port }: RunningHub, path: string, headers: Record<string, string>): Promise<string> {
    const lines = Object.entries({
      host: `127.0.0.1:${port}`,
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`);
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () =>
        socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`),
      );
      socket.on("error", reject);
      socket.once("data", (data) => {
        resolve(String(data).split(" ")[1] ?? "");
        socket.destroy();
      });
    });
  }

  test("becomes one at /graphql, behind the same guards as every request", async () => {
    const hub = await start();
    expect(await upgrade(hub, "/graphql", {})).toBe("101");
    expect(await upgrade(hub, "/graphql?key=x", { origin: "http://localhost:3000" })).toBe("101");
    expect(await upgrade(hub, "/elsewhere", {})).toBe("404");
    expect(await upgrade(hub, "/graphql", { origin: "https://evil.example" })).toBe("403");
    expect(await upgrade(hub, "/graphql", { host: "evil.example" })).toBe("403");
    await until(async () => JSON.stringify(await loadOf(hub)).includes('"sockets":0'));
  });
});

describe("a socket", () => {
  test.each([
    ["of no protocol", "", [], 4406],
    ["that says no JSON", undefined, ["nonsense"], 4400],
    [
      "that nests too deep",
      undefined,
      [`{"type":"connection_init","payload":{"x":${"[".repeat(200)}${"]".repeat(200)}}}`],
      4400,
    ],
    ["that does not begin", undefined, [subscribe("1", "{ __typename }")], 4401],
    ["that begins twice", undefined, [{ type: "connection_init" }, { type: "connection_init" }], 4429],
    [
      "that names two operations alike",
      undefined,
      [
        { type: "connection_init" },
        subscribe("1", "subscription { interactionChanged { id } }"),
        subscribe("1", "subscription { interactionChanged { id } }"),
      ],
      4409,
    ],
  ])("%s is closed", async (_what, protocol, said, code) => {
    const hub = await start();
    const { socket, messages, closed, say } = await openSocket(hub, protocol);
    for (const message of said) {
      if (socket.readyState === socket.OPEN) say(message);
      if (typeof message === "object" && message.type === "connection_init") await until(() => messages.length > 0);
    }
    expect((await closed).code).toBe(code);
    await until(async () => JSON.stringify(await loadOf(hub)).includes('"sockets":0,"subscribers":0,"channels":0'));
  });

  test("is told errors without what is only meant for HTTP", async () => {
    const { say, messages, socket } = await initiated(await start());
    say(subscribe("a", "{ nothing }"));
    say(subscribe("b", '{ interactions(after: "x") { nodes { id } } }'));
    say({ type: "ping" });
    await until(() => messages.length === 5);
    const told = JSON.stringify(messages);
    expect(told).toContain("GRAPHQL_VALIDATION_FAILED");
    expect(told).toContain('"code":"invalid_request","field":"after"');
    expect(told).not.toContain('"http"');
    expect(messages).toContainEqual({ type: "pong" });
    socket.close();
  });

  test("is closed as the server goes away", async () => {
    const hub = await startTestHub();
    const { closed, say, messages } = await initiated(hub);
    say(subscribe("1", "subscription { interactionChanged { id } }"));
    await until(async () => JSON.stringify(await loadOf(hub)).includes('"subscribers":1'));
    await hub.close();
    expect((await closed).code).toBe(1001);
    expect(messages).toHaveLength(1);
  });

  test("that asks and asks and reads nothing is closed at a bound", async () => {
    const hub = await start({ graphql: { buffered_bytes: "64KiB" } });
    const { socket, closed, say } = await initiated(hub);
    socket.pause();
    const query = `{ ${Array.from({ length: 40 }, (_, index) => `${"x".repeat(200)}${index}: __typename`).join(" ")} }`;
    for (let count = 0; count < 1500; count += 1) say(subscribe(`${count}`, query));
    await until(async () => JSON.stringify(await loadOf(hub)).includes('"subscribers":0,"channels":0'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    socket.resume();
    expect(await closed).toMatchObject({ code: 4413, reason: expect.stringContaining("Too slow") });
  });
});

describe("subscribers", () => {
  const events =
    "subscription($id: ID!, $after: Cursor) { interactionEvents(id: $id, after: $after) { cursor sequence type } }";

  async function begin(hub: RunningHub): Promise<string> {
    const { createInteraction } = await dataOf<{ createInteraction: { interaction: { id: string } } }>(
      hub.url,
      `mutation { createInteraction(input: { model: "simulator", input: "count to 40", background: true }) {
        ... on CreateInteractionSuccess { interaction { id } }
      } }`,
    );
    return createInteraction.interaction.id;
  }

  const slowly = { simulator: { token_interval_ms: 20, agent_step_ms: 0 } };

  test("of the same share one execution, wherever they begin, and those of something else do not", async () => {
    const hub = await start(slowly);
    const id = await begin(hub);
    const { say, messages, socket } = await initiated(hub);
    const told = (one: string) => messages.filter((message) => message.id === one && message.type === "next");
    say(subscribe("1", events, { id }));
    await until(() => told("1").length > 2);
    say(subscribe("2", events, { id, after: encodeEventCursor(id, 2) }));
    say(subscribe("3", events, { after: null, id }));
    say(subscribe("4", `${events} `, { id }));
    await until(async () => JSON.stringify(await loadOf(hub)).includes('"subscribers":4,"channels":2'));
    await until(() => messages.filter(({ type }) => type === "complete").length === 4);
    const payloads = (one: string) => told(one).map(({ payload }) => payload);
    expect(payloads("1").length).toBeGreaterThan(20);
    expect(payloads("2")).toEqual(payloads("1").slice(2));
    expect(payloads("3")).toEqual(payloads("1"));
    expect(payloads("4")).toEqual(payloads("1"));
    expect(JSON.stringify(await loadOf(hub))).toContain('"subscribers":0,"channels":0');
    socket.close();
  });

  test("are as many as the server is set to take", async () => {
    const hub = await start({ ...slowly, graphql: { subscribers: 2 } });
    const id = await begin(hub);
    const { say, messages, socket } = await initiated(hub);
    for (const one of ["1", "2", "3"]) {
      say(subscribe(one, events, { id }));
      await until(() => messages.some((message) => message.id === one));
    }
    const refused = messages.filter(({ type }) => type === "error");
    expect(refused).toMatchObject([{ id: "3", payload: [{ extensions: { code: "rate_limit_exceeded" } }] }]);
    say({ type: "complete", id: "1" });
    await until(async () => JSON.stringify(await loadOf(hub)).includes('"subscribers":1'));
    say(subscribe("4", events, { id }));
    await until(() => messages.some((message) => message.id === "4" && message.type === "next"));
    socket.close();
  });
});
