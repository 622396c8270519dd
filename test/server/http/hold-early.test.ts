import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holdEarly } from "../../../server/http/hold-early.ts";
import { listen } from "../../../server/http/listen.ts";
import { until } from "../../cases/until.ts";

let server: Server;
let letIn: () => void;
let port: number;
beforeEach(async () => {
  server = createServer();
  letIn = holdEarly(server);
  port = await listen(server, "127.0.0.1", 0);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const connections = (): Promise<number> =>
  new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));

test("who comes before anybody answers is answered once somebody does, and so is who comes later", async () => {
  const early = fetch(`http://127.0.0.1:${port}/early`, { method: "POST", body: "kept" });
  const upgraded = request({ port, host: "127.0.0.1", headers: { connection: "Upgrade", upgrade: "websocket" } });
  upgraded.end();
  const [upgrading] = [once(upgraded, "upgrade"), await until(async () => (await connections()) === 2)];
  server.on("request", async (incoming, outgoing) => {
    outgoing.end(`${incoming.url} ${Buffer.concat(await Array.fromAsync(incoming))}`);
  });
  server.on("upgrade", (_incoming, socket) => {
    socket.end("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n");
  });
  letIn();
  expect(await (await early).text()).toBe("/early kept");
  const [, socket] = await upgrading;
  socket.destroy();
  expect(await (await fetch(`http://127.0.0.1:${port}/late`)).text()).toBe("/late ");
});

test("who has gone by then is nobody's work any more", async () => {
  const lines = ["GET / HTTP/1.1", "host: x"];
  const gone = [lines, [...lines, "connection: Upgrade", "upgrade: websocket"]].map((head) => {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    return socket;
  });
  await until(async () => (await connections()) === 2);
  // Both have been read by then.
  await wait(100);
  for (const socket of gone) socket.resetAndDestroy();
  await until(async () => (await connections()) === 0);
  let answered = 0;
  server.on("request", () => {
    answered += 1;
  });
  server.on("upgrade", () => {
    answered += 1;
  });
  letIn();
  expect(answered).toBe(0);
});
