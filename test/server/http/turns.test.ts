import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { RunningHub } from "../../../server/configuration/running-hub.ts";
import { create, send } from "../../cases/http-client.ts";
import { startTestHub } from "../../cases/start-test-hub.ts";

let hub: RunningHub;
afterEach(() => hub.close());

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

/** A connection that collects what comes back. */
async function open() {
  const socket = connect(hub.port, "127.0.0.1");
  await once(socket, "connect");
  const got = { text: "" };
  socket.on("data", (chunk) => {
    got.text += chunk;
  });
  return { socket, got };
}

describe("requests that a client sends ahead on one connection", () => {
  test("are answered in their order", async () => {
    hub = await startTestHub();
    const { body } = await create(hub.url, { model: "simulator", input: "say exactly: first" });
    const { socket, got } = await open();
    socket.write(get(`/v1/interactions/${String(body.id)}`) + get("/healthz") + get("/nowhere"));
    await expect
      .poll(() => got.text.match(/HTTP\/1\.1 (\d+)/g))
      .toEqual(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 404"]);
    expect(got.text.indexOf("first")).toBeLessThan(got.text.indexOf('"load"'));
    socket.destroy();
  });

  test("cost the connection when they are more than anybody needs, and nobody else notices", async () => {
    hub = await startTestHub();
    const { body } = await create(hub.url, { model: "simulator-fault-stall", input: "x", background: true });
    const { socket } = await open();
    socket.on("error", () => {});
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(get(`/v1/interactions/${String(body.id)}?stream=true`) + get("/healthz").repeat(5000));
    await closed;
    expect(await send(`${hub.url}/healthz`, "GET")).toMatchObject({ status: 200 });
  });
});

test("a server that stops does not wait for connections whose stream it has just ended", async () => {
  hub = await startTestHub();
  const { body } = await create(hub.url, { model: "simulator-fault-stall", input: "x", background: true });
  const { socket, got } = await open();
  socket.write(get(`/v1/interactions/${String(body.id)}?stream=true`));
  await expect.poll(() => got.text).toContain("interaction.created");
  const before = performance.now();
  await hub.close();
  expect(performance.now() - before).toBeLessThan(2000);
  expect(got.text).toContain("[DONE]");
});
